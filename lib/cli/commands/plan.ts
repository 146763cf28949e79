import { Option } from 'commander';
import type { Instant } from '../../domain/time/instant.ts';
import { spanText } from '../../domain/time/spans.ts';
import { previewRun, type TargetPreview } from '../../exports/run/preview.ts';
import { selectTargets } from '../../exports/targets.ts';
import { readTargetsFile } from '../../settings/files.ts';
import { DEFAULT_ALERTS } from '../context/alert-input.ts';
import { type AddCommand, DEFAULT_STATE } from '../context/command.ts';
import { clockFrom, instantOption } from '../context/options.ts';
import { type LedgerPlace, ledgerTableOption, readLedger } from '../context/read-ledger.ts';
import { count } from '../output/format.ts';
import { showPlan } from '../views/plan.ts';
import { showAlertPlan } from './alert-plan.ts';

type PlanOptions = LedgerPlace & {
  targets: string;
  target?: string;
  at?: Instant;
  now?: Instant;
  sweep?: boolean;
  event?: string;
  alerts: string;
};

export const addPlan: AddCommand = (program, context) => {
  const { screen } = context;
  program
    .command('plan')
    .description('what run would do with the same options; changes nothing and calls nobody')
    .option('--targets <file>', 'the targets file', 'infra/settings/targets.yml')
    .option('--secrets <file>', 'not read; run needs it, and the same words should do for both')
    .option('--target <id>', 'this target alone')
    .option(
      '--at <time>',
      'the scheduled time the run would stand for, RFC 3339 (default: now); Huawei no longer has the windows of one more than 30 days ago: what of them is not exported counts as lost',
      instantOption,
    )
    .option('--now <time>', 'set the clock, for rehearsals, RFC 3339', instantOption)
    .option(
      '--sweep',
      "the plan of a sweep, which stands for the time at which the target's schedule fired last before --at (of a rate: the newest run)",
    )
    .addOption(eventOption())
    .option('--alerts <file>', 'with --event: which alerts are for which targets', DEFAULT_ALERTS)
    .option('--state <folder>', 'where ledger and queue are kept', DEFAULT_STATE)
    .addOption(ledgerTableOption())
    .action(async (options: PlanOptions) => {
      const clock = clockFrom(options.now, screen);
      const { event } = options;
      if (event !== undefined) return showAlertPlan({ ...options, event, clock }, context);
      const targets = selectTargets(await readTargetsFile(options.targets), options.target);
      const scheduledTime = options.at?.round({ smallestUnit: 'second', roundingMode: 'floor' });
      const sweep = options.sweep === true;
      const job = sweep ? 'sweep' : 'run';
      const previews = await readLedger(options, (ledger) =>
        previewRun({ ledger, clock }, { targets, scheduledTime, sweep }),
      );
      screen.document({ targets: previews.map(documentOf) });
      screen.print(`What a ${job} of ${count(targets.length, 'target')} for ${timesOf(previews)} would do.`);
      screen.print('This is only a plan: nothing is changed, and Huawei is not called.');
      for (const preview of previews) showPlan(preview, screen);
    });
};

function eventOption(): Option {
  return new Option(
    '--event <file>',
    'the plan of login-export alert for this event; - reads standard input',
  ).conflicts(['sweep', 'target']);
}

// Each target's own, where our clock was ahead of their hosts by more than it may be.
function timesOf(previews: readonly TargetPreview[]): string {
  return [...new Set(previews.map((preview) => preview.scheduledTime.toString()))].join(' or ');
}

function documentOf(preview: TargetPreview) {
  const { target, opensAt, beforeRetention, windows, publish, lost, leased, exhausted, confirm } = preview;
  return {
    target_id: target.id,
    windows: windows.map(({ window, reason, sent, isAtRisk }) => ({
      ...spanText(window),
      reason,
      login_start_time: sent.loginStartTime,
      login_end_time: sent.loginEndTime,
      at_risk: isAtRisk,
    })),
    publish: publish.map(spanText),
    lost: lost.map(spanText),
    leased: leased.map(({ window, until }) => ({ ...spanText(window), until: until.toString() })),
    exhausted: exhausted.map(spanText),
    confirm,
    ...(opensAt ? { first_run_covered_from: opensAt.toString() } : {}),
    ...(beforeRetention ? { before_retention: spanText(beforeRetention) } : {}),
    ...(preview.aheadSeconds === undefined ? {} : { clock_offset_seconds: preview.aheadSeconds }),
  };
}
