import { asExportError, type ExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { spanText } from '../../domain/time/spans.ts';
import type { ReadPorts } from '../../exports/coverage/target-state.ts';
import type { AlertsStatus } from '../../exports/status/alerts-status.ts';
import { type TargetStatus, targetStatus } from '../../exports/status/target-status.ts';
import { targetsToShow } from '../../exports/targets.ts';
import { type AddCommand, DEFAULT_STATE } from '../context/command.ts';
import { ExitStatus, errorDocument, errorText } from '../context/exit.ts';
import { clockFrom, instantOption } from '../context/options.ts';
import { type LedgerPlace, ledgerTableOption, readLedger } from '../context/read-ledger.ts';
import { readTargets } from '../context/read-targets.ts';
import type { Screen } from '../output/screen.ts';
import { wrapped } from '../output/text.ts';
import { legend } from '../views/day-strip.ts';
import { showStatus } from '../views/status.ts';

type StatusOptions = LedgerPlace & { targets: string; target?: string; now?: Instant };

export const addStatus: AddCommand = (program, { screen, exit }) => {
  program
    .command('status')
    .description(
      'show how far each target is covered, what is missing, and until when it can be exported; makes no network calls (except for --ledger-table)',
    )
    .option('--targets <file>', 'the targets file', 'infra/settings/targets.yml')
    .option('--target <id>', 'only this target, also when it is not enabled')
    .option('--now <time>', 'a simulated clock, for rehearsals, RFC 3339', instantOption)
    .option('--state <folder>', 'the folder of the ledger and the queue', DEFAULT_STATE)
    .addOption(ledgerTableOption())
    .action(async (options: StatusOptions) => {
      const clock = clockFrom(options.now, screen);
      const targets = await readTargets(options, targetsToShow);
      const { isThere, all } = await readLedger(options, async (ledger, isThere) => {
        const all: Read[] = [];
        for (const target of targets) all.push(await read({ ledger, clock }, target));
        throwIfAllFailed(all);
        return { isThere, all };
      });
      screen.document({ targets: all.map(documentOf) });
      screen.print(`Status at ${clock().round({ smallestUnit: 'second', roundingMode: 'floor' })}`);
      if (!isThere)
        screen.print(wrapped(`There is no state in ${options.state} yet: no run has used this folder.`));
      for (const one of all) show(one, screen);
      screen.print(`\n${legend(screen.paint)}`);
      if (all.some((one) => 'error' in one)) exit(ExitStatus.failed);
    });
};

type Read = TargetStatus | { target: Target; error: ExportError };

// A row that cannot be read hides only its own target.
async function read(ports: ReadPorts, target: Target): Promise<Read> {
  try {
    return await targetStatus(ports, target);
  } catch (error) {
    return { target, error: asExportError(error) };
  }
}

// If no target can be read, the ledger cannot be read.
function throwIfAllFailed(all: readonly Read[]): void {
  const [first] = all;
  if (first && 'error' in first && all.every((one) => 'error' in one)) throw first.error;
}

function show(one: Read, screen: Screen): void {
  if ('error' in one) {
    screen.print(`\n${screen.paint('bold', one.target.id)}`);
    screen.print(screen.paint('red', wrapped(errorText(one.error), '  ')));
  } else showStatus(one, screen);
}

function documentOf(one: Read) {
  return 'error' in one ? { target_id: one.target.id, ...errorDocument(one.error) } : statusDocument(one);
}

function statusDocument(status: TargetStatus) {
  const { target, coveredFrom, coveredUntil, lastFailure, longUnconfirmed } = status;
  return {
    target_id: target.id,
    covered_from: coveredFrom?.toString() ?? null,
    covered_until: coveredUntil?.toString() ?? null,
    pending: status.pending.map(spanText),
    gaps: status.gaps.map(spanText),
    at_risk: status.atRisk.map(spanText),
    lost: status.lost.map(spanText),
    orphans: status.orphans.map(spanText),
    last_error: lastFailure ? failureDocument(lastFailure) : null,
    hours_left: status.hoursLeft === undefined ? null : Math.floor(status.hoursLeft * 10) / 10,
    exhausted: status.exhausted.map(spanText),
    not_recorded: status.unrecorded.map(spanText),
    never_confirmed: status.neverConfirmed.map(spanText),
    open_backfills: status.openBackfills.map(spanText),
    other_project: status.otherProject.map(({ path, message }) => ({ path, message })),
    clock_offset_seconds: status.aheadSeconds ?? null,
    unconfirmed: status.unconfirmed,
    unconfirmed_since: longUnconfirmed?.since.toString() ?? null,
    unconfirmed_reasons: status.unconfirmedReasons.map(failureDocument),
    alerts: status.alerts ? alertsDocument(status.alerts) : null,
  };
}

function alertsDocument(status: AlertsStatus) {
  return {
    open: status.open,
    needed: status.needed.map(({ window, filters }) => ({ ...spanText(window), filters })),
    to_come: status.toCome.map(({ request: { window, filters, alertId }, dueAt }) => ({
      alert_id: alertId,
      ...spanText(window),
      filters,
      due_at: dueAt.toString(),
    })),
    unconfirmed: status.unconfirmed,
    unconfirmed_since: status.unconfirmedSince?.toString() ?? null,
    exhausted: status.exhausted.map(spanText),
    lost: status.lost.map(spanText),
    unreadable: status.unreadable.map(({ request, damage }) => ({ request, message: damage })),
    last_error: status.lastFailure ? failureDocument(status.lastFailure) : null,
  };
}

function failureDocument({ kind, message, at, window }: NonNullable<TargetStatus['lastFailure']>) {
  return { kind, message, at: at.toString(), window: spanText(window) };
}
