import type { ExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { RunPorts } from '../../run-ports.ts';
import { advance, type RunFacts } from '../coverage/advance-coverage.ts';
import type { RunScope } from '../coverage/init-coverage.ts';
import { reportCoverage } from '../coverage/report-coverage.ts';
import { assessFor, listWindows } from '../coverage/target-state.ts';
import type { WindowResult } from '../window/outcome.ts';
import { failedByOutage } from './list-outage.ts';
import { reportUnreported, stillUnreported, type Unreported } from './unreported.ts';

type Closing = { target: Target; scope: RunScope; row: TargetRow };

type Done = {
  /** Windows that this run has reported, by `spanName`. */
  reported: ReadonlySet<string>;
  facts: RunFacts;
  unreported: Unreported;
  /** Why the task list could not be read. */
  outage?: ExportError | undefined;
};

/**
 * Ends a run's work on a target's scheduled windows: reports what a run that died may have left unreported, moves the
 * target's coverage on, and reports the coverage. A task list that could not be read may fail the run.
 */
export async function closeTarget(
  ports: RunPorts,
  { target, scope, row }: Closing,
  { reported, facts, unreported, outage }: Done,
): Promise<WindowResult[]> {
  // Coverage moves on by what is in the ledger now: also by what other runs have written.
  const entries = await listWindows(ports.ledger, target, { content: row, scope, fresh: true });
  const seen = assessFor(target, { content: row, entries }, { ...scope, now: ports.clock() });
  const { isVerified } = scope;
  const toReport = isVerified ? unreported : { ...unreported, from: undefined };
  const results = await reportUnreported(ports, { target, entries, seen, unreported: toReport, reported });
  const unreportedFrom = stillUnreported(unreported, isVerified);
  const advanced = await advance(ports, row, seen, { ...facts, unreportedFrom, isUnverified: !isVerified });
  const unanswered = await reportCoverage(ports, target, { row: advanced, seen });
  const { listDownSince: since } = facts;
  return [...results, ...failedByOutage(ports, target, { seen, unanswered, outage, since })];
}
