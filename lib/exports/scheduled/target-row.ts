import { randomUUID } from 'node:crypto';
import { InfrastructureError } from '../../domain/errors.ts';
import { earlier, type Instant, isAfter, isBefore } from '../../domain/instant.ts';
import { RETENTION } from '../../domain/retention.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { RunPorts } from '../run-ports.ts';
import { isBeforeOrigin } from './plan.ts';
import type { Survey } from './survey.ts';

/** A target's record once coverage has begun. */
export type CoveredTarget = TargetRecord & { origin: Instant; coveredUntil: Instant };

/**
 * The target's record. The first scheduled run writes where coverage begins: at `start_at`, or with its own window.
 * Undefined while `start_at` is still to come.
 */
export async function openTarget(
  ports: RowPorts,
  target: Target,
  own: Span,
): Promise<CoveredTarget | undefined> {
  const record = await rewrite(ports, target.id, (found) => opening(found, target, own));
  return isCovered(record) ? record : undefined;
}

/** The record as `openTarget` would leave it; nothing is written. `isFirst`: no run has opened it yet. */
export function foreseeOpening(
  found: TargetRecord | undefined,
  target: Target,
  { own, now }: { own: Span; now: Instant },
): { record: CoveredTarget | undefined; isFirst: boolean } {
  const changes = opening(found, target, own);
  const record = changes ? { ...written(found, target.id, now), ...changes } : found;
  return { record: isCovered(record) ? record : undefined, isFirst: !isCovered(found) };
}

/**
 * From where on the ledger's windows are of interest: what lies before is settled, or was never asked for. Undefined
 * where none is: coverage has not begun, and what was backfilled before is over.
 */
export function firstOfInterest(
  { coveredUntil, watchedFrom }: TargetRecord,
  others: readonly Instant[],
): Instant | undefined {
  const [first, ...more] = [coveredUntil, watchedFrom, ...others].filter((at) => at !== undefined);
  return first && more.reduce(earlier, first);
}

/** Makes the ledger's windows from `start` on be looked after, although coverage begins later or is past them. */
export async function watchFrom(ports: RowPorts, targetId: string, start: Instant): Promise<void> {
  await rewrite(ports, targetId, (found) => watching(found, start));
}

/** Moves `covered_until` on over what is settled by now. Another run that is quicker has written as much or more. */
export async function advance(
  { ledger, clock }: RunPorts,
  record: TargetRecord,
  { settled }: Survey,
): Promise<TargetRecord> {
  const now = clock();
  const { watchedFrom, ...rest } = written(record, record.targetId, now);
  const coveredUntil = record.coveredUntil && endOfSettled(record.coveredUntil, settled);
  const isWatched = watchedFrom !== undefined && isAfter(watchedFrom, now.subtract(WATCHED_FOR));
  const next = {
    ...rest,
    ...(coveredUntil ? { coveredUntil } : {}),
    ...(isWatched ? { watchedFrom } : {}),
  };
  const isNews = next.coveredUntil !== record.coveredUntil || next.watchedFrom !== record.watchedFrom;
  return isNews && (await ledger.saveTarget(next)) ? next : record;
}

// The own window of a run that comes late is looked after like a backfill: the next runs would not come by it.
function opening(found: TargetRecord | undefined, target: Target, own: Span): Changes | undefined {
  if (isCovered(found))
    return isBeforeOrigin(target, found.origin, own) ? watching(found, own.start) : undefined;
  const origin = target.startAt ?? own.start;
  return isBefore(origin, own.end) ? { origin, coveredUntil: origin } : undefined;
}

function watching(found: TargetRecord | undefined, start: Instant): Changes | undefined {
  const seen = [found?.coveredUntil, found?.watchedFrom].filter((at) => at !== undefined);
  return seen.some((at) => !isAfter(at, start)) ? undefined : { watchedFrom: start };
}

type RowPorts = Pick<RunPorts, 'ledger' | 'clock'>;
type Changes = Partial<Pick<TargetRecord, 'origin' | 'coveredUntil' | 'watchedFrom'>>;

// Each refusal means that another run has just written the record.
const TRIES = 5;

/** Resolves to the record once it has the changes, or as it is when none are wanted. */
async function rewrite(
  { ledger, clock }: RowPorts,
  targetId: string,
  changesTo: (found: TargetRecord | undefined) => Changes | undefined,
): Promise<TargetRecord | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await ledger.findTarget(targetId);
    const changes = changesTo(found);
    if (!changes) return found;
    const next = { ...written(found, targetId, clock()), ...changes };
    if (await ledger.saveTarget(next)) return next;
  }
  throw new InfrastructureError(`Could not write the record of target ${targetId}: others keep writing it.`);
}

// Past the retention edge nothing more can become of a window; a day more, for the last sweep to have written so.
const WATCHED_FOR = RETENTION.add({ hours: 24 });

function endOfSettled(from: Instant, settled: readonly Span[]): Instant {
  return settled.find(({ start, end }) => !isAfter(start, from) && isAfter(end, from))?.end ?? from;
}

function isCovered(record: TargetRecord | undefined): record is CoveredTarget {
  return record?.origin !== undefined && record.coveredUntil !== undefined;
}

function written(found: TargetRecord | undefined, targetId: string, now: Instant): TargetRecord {
  const version = (found?.version ?? 0) + 1;
  return { ...found, targetId, version, writeId: randomUUID(), updatedAt: now };
}
