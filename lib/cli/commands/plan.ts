import { Option } from 'commander';
import { issueText } from '../../domain/issue.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { spanText } from '../../domain/time/spans.ts';
import { previewAlerts } from '../../exports/alerts/alert-preview.ts';
import { previewRun, type TargetPreview } from '../../exports/run/preview.ts';
import { selectTargets } from '../../exports/targets.ts';
import type { Clock } from '../../ports.ts';
import { type AlertFiles, DEFAULT_ALERTS, readAlertFiles } from '../context/alert-input.ts';
import { type AddCommand, type CommandContext, DEFAULT_STATE } from '../context/command.ts';
import { clockFrom, instantOption } from '../context/options.ts';
import { type LedgerPlace, ledgerTableOption, readLedger } from '../context/read-ledger.ts';
import { readTargets } from '../context/read-targets.ts';
import { count } from '../output/format.ts';
import { wrapped } from '../output/text.ts';
import { alertPlanDocument, alertPlanText } from '../views/alert-plan.ts';
import { shortId } from '../views/alerts.ts';
import { showPlan } from '../views/plan.ts';

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
    .description(
      'show what run would do with the same options; changes nothing and makes no network calls (except for --ledger-table)',
    )
    .option('--targets <file>', 'the targets file', 'infra/settings/targets.yml')
    .option('--secrets <file>', 'not read; accepted so that plan takes the same options as run')
    .option('--target <id>', 'only this target')
    .option(
      '--at <time>',
      'the scheduled time of the run, RFC 3339 (default: now); with a time more than 30 days ago, windows that are not exported are lost',
      instantOption,
    )
    .option('--now <time>', 'a simulated clock, for rehearsals, RFC 3339', instantOption)
    .option(
      '--sweep',
      "plan a sweep: what was due when the target's schedule last fired before --at (rate schedules: at the newest run)",
    )
    .addOption(eventOption())
    .option(
      '--alerts <file>',
      'with --event: the rules, which alerts lead to exports of which targets',
      DEFAULT_ALERTS,
    )
    .option('--state <folder>', 'the folder of the ledger and the queue', DEFAULT_STATE)
    .addOption(ledgerTableOption())
    .action(async (options: PlanOptions) => {
      const clock = clockFrom(options.now, screen);
      const { event } = options;
      if (event !== undefined) return showAlertPlan({ ...options, event, clock }, context);
      const targets = await readTargets(options, selectTargets);
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
    'plan login-export alert for this event; - reads standard input',
  ).conflicts(['sweep', 'target']);
}

type AlertPlan = AlertFiles & LedgerPlace & { at?: Instant; clock: Clock };

// What `login-export alert` would do with the same event.
async function showAlertPlan(
  options: AlertPlan,
  context: Pick<CommandContext, 'screen' | 'signal' | 'stdin'>,
) {
  const { clock } = options;
  const { screen } = context;
  const { event, input } = await readAlertFiles(options, options.at ?? clock(), context);
  const { unmatched, targets } = await readLedger(options, (ledger) =>
    previewAlerts({ ledger, clock }, input),
  );
  screen.document({
    alerts: input.alerts.map(({ id }) => id),
    unmatched: unmatched.map(({ alert, why }) => ({ alert_id: alert.id, why })),
    unreadable: event.issues,
    targets: targets.map(alertPlanDocument),
  });
  screen.print(`What login-export alert would do for ${count(input.alerts.length, 'alert')}.`);
  screen.print('This is only a plan: nothing is changed, and Huawei is not called.');
  for (const { alert, why } of unmatched)
    screen.print(wrapped(`Nothing is exported for alert ${shortId(alert.id)}: ${why}.`));
  for (const issue of event.issues)
    screen.print(screen.paint('red', wrapped(`Cannot be read: ${issue.path}: ${issueText(issue)}`)));
  for (const preview of targets)
    screen.print(alertPlanText(preview, { name: screen.paint('bold', preview.target.id), now: clock() }));
}

// Targets differ in this time where our clock was ahead of their hosts by more than is allowed.
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
