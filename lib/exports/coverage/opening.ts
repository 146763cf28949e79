import { earlier, type Instant, isAfter, isBefore, later } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import type { Span } from '../../domain/time/spans.ts';
import type { Target } from '../../domain/input/target.ts';
import { contentOf, type TargetContent, type TargetRow } from '../../domain/ledger/target-row.ts';
import { CLOCK_TOLERANCE } from '../window/next-action.ts';
import { boundProject } from './bound-project.ts';
import { isBeforeCoverage } from './plan.ts';

/** What a run brings to a target's row. */
export type Opening = {
  /** The run's current window; absent for a sweep of a schedule that is not known to have fired. */
  own: Span | undefined;
  /** It stands for a firing that may have been before the first run, and orders nothing from before coverage began. */
  isSweep?: boolean;
  now: Instant;
  /** `now` is Huawei's. Else nothing may depend on how far back or ahead it is. */
  isVerified: boolean;
  /** How far our clock is ahead of Huawei's, in seconds, where that is worth mentioning. */
  aheadSeconds?: number | undefined;
  /** When the schedule fired, if a run (and no sweep) stands for that. */
  firedAt?: Instant | undefined;
};

/**
 * The row as the run goes by it. Undefined while `start_at` is still to come and nothing is kept of the target.
 * Pure: reads and writes nothing.
 */
export function opening(
  found: TargetRow | undefined,
  target: Target,
  asked: Opening,
): TargetContent | undefined {
  const content = { ...boundProject(target), ...(found ? contentOf(found) : {}) };
  const covered = extended(corrected(withChecked(content, asked), asked), target, asked);
  if (!covered.coveredFrom) return found && covered;
  return { ...covered, ...firing(covered, asked), ...unchecked(covered, asked) };
}

/** What `start_at` asks for and Huawei no longer had when coverage began there. */
export function beforeRetention({ startAt }: Target, coveredFrom: Instant | undefined): Span | undefined {
  return startAt && coveredFrom && isBefore(startAt, coveredFrom)
    ? { start: startAt, end: coveredFrom }
    : undefined;
}

/**
 * Undoes what a clock that was ahead has done: coverage that ends in the future, losses that Huawei still has. Windows are
 * then looked at from the cutoff on, whatever was known of them.
 */
function corrected(content: TargetContent, { now, isVerified }: Opening): TargetContent {
  const { coveredFrom, coveredUntil, lostUntil, ...rest } = content;
  if (!isVerified || !coveredFrom || !coveredUntil) return content;
  const cutoff = oldestExportable(now);
  const isLostTooFar = lostUntil !== undefined && isAfter(lostUntil, cutoff.add(CLOCK_TOLERANCE));
  if (!isLostTooFar && !isAfter(coveredUntil, now.add(CLOCK_TOLERANCE))) return content;
  return {
    ...rest,
    coveredFrom,
    coveredUntil: later(coveredFrom, earlier(coveredUntil, cutoff)),
    ...(lostUntil ? { lostUntil: earlier(lostUntil, cutoff) } : {}),
  };
}

/** Without a beginning that lies in the future, or that a clock of ours alone tells of which may have been wrong. */
function withChecked(content: TargetContent, asked: Opening): TargetContent {
  const { coveredFrom, coveredUntil, lostUntil, unverifiedAt, ...rest } = content;
  if (!asked.isVerified || !coveredFrom || !coveredUntil) return content;
  if (isAfter(coveredFrom, asked.now.add(CLOCK_TOLERANCE))) return { ...rest, unverifiedAt: asked.now };
  if (!unverifiedAt) return content;
  if (!isLikely(unverifiedAt, asked)) return { ...rest, unverifiedAt };
  return { ...rest, coveredFrom, coveredUntil, ...(lostUntil ? { lostUntil } : {}) };
}

/** Was our clock right when it was the only one? It is now, and has gone on from there as it does between two runs. */
function isLikely(unverifiedAt: Instant, { now, aheadSeconds }: Opening): boolean {
  if (aheadSeconds !== undefined || isAfter(unverifiedAt, now.add(CLOCK_TOLERANCE))) return false;
  return !isAfter(now, unverifiedAt.add(BETWEEN_RUNS));
}

/** Somewhat more than a day. */
const BETWEEN_RUNS = { hours: 26 };

/** Coverage from where it should begin: the earlier of `start_at` and the first run's current window, and never later than it did. */
function extended(content: TargetContent, target: Target, asked: Opening): TargetContent {
  const { own, now, isVerified } = asked;
  if (!own) return content;
  const wanted = beginning(target, content, { ...asked, own });
  if (!wanted) return watched(content, target, asked);
  // Where nobody says how far back Huawei's records go, a `start_at` waits for a run that knows.
  const coveredFrom = isVerified ? later(wanted, oldestExportable(now)) : (content.coveredFrom ?? own.start);
  if (content.coveredFrom && !isBefore(coveredFrom, content.coveredFrom))
    return watched(content, target, asked);
  const { unverifiedAt: _, ...known } = content;
  return { ...known, ...(isVerified ? {} : { unverifiedAt: now }), coveredFrom, coveredUntil: coveredFrom };
}

/** Where coverage is asked to begin; undefined where it is not to begin yet, or where it has, and nothing else is asked for. */
function beginning(
  { startAt }: Target,
  { coveredFrom, unverifiedAt }: TargetContent,
  { own, now, isVerified }: Opening & { own: Span },
): Instant | undefined {
  if (coveredFrom) return startAt;
  if (startAt) return isBefore(startAt, own.end) ? earlier(startAt, own.start) : undefined;
  // When the first runs were nobody knows: all that Huawei still has may be theirs.
  return isVerified && unverifiedAt ? earlier(oldestExportable(now), own.start) : own.start;
}

// The current window of a run that comes late is looked after like a backfill: the next runs would not come by it.
function watched(content: TargetContent, target: Target, { own, isSweep }: Opening): TargetContent {
  const { coveredFrom, coveredUntil, lookbackFrom } = content;
  if (!own || isSweep || !coveredFrom || !isBeforeCoverage(target, coveredFrom, own)) return content;
  const seen = [coveredUntil, lookbackFrom].filter((at) => at !== undefined);
  return seen.some((at) => !isAfter(at, own.start)) ? content : { ...content, lookbackFrom: own.start };
}

// The latest time that our clock has said: one that was set back is known by it. If it jumped ahead by more than a day, keep
// what it said before the jump: the next run sees the gap.
function unchecked(
  { unverifiedAt }: TargetContent,
  { now, isVerified }: Opening,
): Pick<TargetContent, 'unverifiedAt'> {
  if (!unverifiedAt || isVerified) return {};
  return { unverifiedAt: isAfter(now, unverifiedAt.add(BETWEEN_RUNS)) ? unverifiedAt : later(unverifiedAt, now) };
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
