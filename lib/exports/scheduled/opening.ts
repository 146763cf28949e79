import { earlier, type Instant, isAfter, isBefore, later } from '../../domain/instant.ts';
import { oldestExportable } from '../../domain/retention.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import { contentOf, type TargetContent, type TargetRecord } from '../../domain/target-record.ts';
import { CLOCK_TOLERANCE } from '../window/standing.ts';
import { boundProject } from './bound-project.ts';
import { isBeforeOrigin } from './plan.ts';

/** What a run brings to a target's record. */
export type Opening = {
  /** The run's own window; absent for a sweep of a schedule that is not known to have fired. */
  own: Span | undefined;
  now: Instant;
  /** `now` is Huawei's. Else nothing may depend on how far back or ahead it is. */
  isVerified: boolean;
  /** When the schedule fired, if a run (and no sweep) stands for that. */
  firedAt?: Instant | undefined;
};

/**
 * The record as the run goes by it. Undefined while `start_at` is still to come and nothing is kept of the target.
 * Pure: reads and writes nothing.
 */
export function opening(
  found: TargetRecord | undefined,
  target: Target,
  asked: Opening,
): TargetContent | undefined {
  const content = { ...boundProject(target), ...(found ? contentOf(found) : {}) };
  const covered = extended(corrected(content, asked), target, asked);
  if (!covered.origin) return found && covered;
  return { ...covered, ...firing(covered, asked) };
}

/** What `start_at` asks for and Huawei no longer had when coverage began there. */
export function beforeRetention({ startAt }: Target, origin: Instant | undefined): Span | undefined {
  return startAt && origin && isBefore(startAt, origin) ? { start: startAt, end: origin } : undefined;
}

/**
 * Undoes what a clock that was ahead has done: coverage that begins or ends in the future, losses that Huawei still has.
 * Windows are then looked at from the edge on, whatever was known of them.
 */
function corrected(content: TargetContent, { now, isVerified }: Opening): TargetContent {
  if (!isVerified || !content.origin || !content.coveredUntil) return content;
  const latest = now.add(CLOCK_TOLERANCE);
  const { origin, coveredUntil, lostUntil, ...rest } = content;
  if (isAfter(origin, latest)) return rest;
  const edge = oldestExportable(now);
  const isLostTooFar = lostUntil !== undefined && isAfter(lostUntil, edge.add(CLOCK_TOLERANCE));
  if (!isLostTooFar && !isAfter(coveredUntil, latest)) return content;
  return {
    ...rest,
    origin,
    coveredUntil: later(origin, earlier(coveredUntil, edge)),
    ...(lostUntil ? { lostUntil: earlier(lostUntil, edge) } : {}),
  };
}

/** Coverage from where it should begin: the earlier of `start_at` and the first run's own window, and never later than it did. */
function extended(content: TargetContent, target: Target, { own, now, isVerified }: Opening): TargetContent {
  if (!own) return content;
  const wanted = beginning(target, own, content.origin);
  if (!wanted) return watched(content, target, own);
  // Where nobody says how far back Huawei's records go, a `start_at` waits for a run that knows.
  const origin = isVerified ? later(wanted, oldestExportable(now)) : (content.origin ?? own.start);
  if (content.origin && !isBefore(origin, content.origin)) return watched(content, target, own);
  return { ...content, origin, coveredUntil: origin };
}

/** Where coverage is asked to begin; undefined where it is not to begin yet, or where it has, and nothing else is asked for. */
function beginning({ startAt }: Target, own: Span, known: Instant | undefined): Instant | undefined {
  if (known) return startAt;
  if (!startAt) return own.start;
  return isBefore(startAt, own.end) ? earlier(startAt, own.start) : undefined;
}

// The own window of a run that comes late is looked after like a backfill: the next runs would not come by it.
function watched(content: TargetContent, target: Target, { start, end }: Span): TargetContent {
  const { origin, coveredUntil, watchedFrom } = content;
  if (!origin || !isBeforeOrigin(target, origin, { start, end })) return content;
  const seen = [coveredUntil, watchedFrom].filter((at) => at !== undefined);
  return seen.some((at) => !isAfter(at, start)) ? content : { ...content, watchedFrom: start };
}

function firing(
  content: TargetContent,
  { firedAt, now, isVerified }: Opening,
): Pick<TargetContent, 'lastFiring'> {
  // A clock that was ahead and that nobody confirmed may have left one of the future.
  const known = isVerified ? content.lastFiring && earlier(content.lastFiring, now) : content.lastFiring;
  const newest = known && firedAt ? later(known, firedAt) : (known ?? firedAt);
  return newest ? { lastFiring: newest } : {};
}
