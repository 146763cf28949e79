import type { Examined } from '../../doctor/run.ts';
import type { Finding, FindingStatus } from '../../domain/check.ts';
import { count } from '../output/format.ts';
import type { Screen } from '../output/screen.ts';
import { wrapped } from '../output/text.ts';

type Paint = Screen['paint'];

/** What was found for one target: a line a check, and below what is wrong how to fix it. */
export function examinedText({ target, findings }: Examined, paint: Paint): string {
  return ['', paint('bold', target.id), ...findings.map((finding) => lines(finding, paint))].join('\n');
}

/** All findings in numbers. */
export function findingsSummary(all: readonly Examined[]): string {
  const findings = all.flatMap((examined) => examined.findings);
  const number = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length;
  const counts = [
    `${number('ok')} ok`,
    count(number('warning'), 'warning'),
    `${number('failed')} failed`,
    `${number('skipped')} skipped`,
  ];
  return `\n${count(all.length, 'target')}, ${count(findings.length, 'check')}: ${counts.join(', ')}.`;
}

const MARKS = {
  ok: { sign: '✓', style: 'green' },
  warning: { sign: '!', style: 'yellow' },
  failed: { sign: '✗', style: 'red' },
  skipped: { sign: '-', style: 'dim' },
} as const;

const LABEL_WIDTH = 18;
const TEXT = ' '.repeat(4 + LABEL_WIDTH);

function lines({ check, status, message, fix }: Finding, paint: Paint): string {
  const { sign, style } = MARKS[status];
  const head = `  ${paint(style, sign)} ${check.replace('_', ' ').padEnd(LABEL_WIDTH)}`;
  const said = head + wrapped(status === 'skipped' ? `skipped: ${message}` : message, TEXT).trimStart();
  return fix === undefined ? said : `${said}\n${TEXT}→ ${wrapped(fix, `${TEXT}  `).trimStart()}`;
}
