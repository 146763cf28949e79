import type { TargetRecord } from '../../domain/target-record.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import type { Clock, Ledger } from '../../ports.ts';
import { coveredSpans, dueSpans, ownWindow, type PlanDemand } from './plan.ts';
import { type Survey, survey } from './survey.ts';
import { type CoveredTarget, firstOfInterest } from './target-row.ts';

/** A ledger that is only read. */
export type LedgerReader = Pick<Ledger, 'find' | 'list' | 'findTarget' | 'findAlertBook'>;

/** What it takes to look without a trace. */
export type LookPorts = { ledger: LedgerReader; clock: Clock };

/** What the ledger has of a target, as far as a run goes by it. */
export type Found = { record: TargetRecord; entries: WindowEntry[] };

/**
 * Looks at a target as a run does, or one that is only previewed: `opened` is what tells them apart. Undefined where
 * such a run has nothing to do.
 */
export async function look(
  ledger: LedgerReader,
  demand: PlanDemand,
  opened: () => Promise<CoveredTarget | undefined>,
): Promise<Found | undefined> {
  const { target, scope } = demand;
  const record = scope === 'calendar' ? await opened() : await ledger.findTarget(target.id);
  if (!record) return undefined;
  const others = scope === 'calendar' ? [ownWindow(demand).start] : [];
  const first = firstOfInterest(record, others);
  return first && { record, entries: await ledger.list(target.id, first) };
}

/** How the target stands for the run, going by what was found. */
export function surveyNow(
  { clock }: Pick<LookPorts, 'clock'>,
  demand: PlanDemand,
  { record, entries }: Found,
): Survey {
  const due = dueSpans(demand.target, record, ownWindow(demand));
  const covered = coveredSpans(record);
  return survey({ target: demand.target, entries, due, covered, now: clock() });
}
