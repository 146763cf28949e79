import type { CheckedTarget } from '../../doctor/run-doctor.ts';
import type { Check, CheckStatus } from '../../domain/check.ts';
import { count } from '../output/format.ts';
import type { Screen } from '../output/screen.ts';
import { wrapped } from '../output/text.ts';

type Paint = Screen['paint'];

/** The checks of one target, a line each; below a warning or a failure, how to fix it. */
export function checkedText({ target, checks }: CheckedTarget, paint: Paint): string {
  return ['', paint('bold', target.id), ...checks.map((check) => lines(check, paint))].join('\n');
}

/** All checks in numbers. */
export function checksSummary(all: readonly CheckedTarget[]): string {
  const checks = all.flatMap((checked) => checked.checks);
  const number = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  const counts = [
    `${number('ok')} ok`,
    count(number('warning'), 'warning'),
    `${number('failed')} failed`,
    `${number('skipped')} skipped`,
  ];
  return `\n${count(all.length, 'target')}, ${count(checks.length, 'check')}: ${counts.join(', ')}.`;
}

const MARKS = {
  ok: { sign: '✓', style: 'green' },
  warning: { sign: '!', style: 'yellow' },
  failed: { sign: '✗', style: 'red' },
  skipped: { sign: '-', style: 'dim' },
} as const;

const LABEL_WIDTH = 18;
const TEXT = ' '.repeat(4 + LABEL_WIDTH);

function lines({ check, status, message, fix }: Check, paint: Paint): string {
  const { sign, style } = MARKS[status];
  const head = `  ${paint(style, sign)} ${check.replace('_', ' ').padEnd(LABEL_WIDTH)}`;
  const said = head + wrapped(status === 'skipped' ? `skipped: ${message}` : message, TEXT).trimStart();
  return fix === undefined ? said : `${said}\n${TEXT}→ ${wrapped(fix, `${TEXT}  `).trimStart()}`;
}
