import type { Target } from '../../domain/input/target.ts';
import { contentOf, type TargetContent, type TargetRow } from '../../domain/ledger/target-row.ts';
import { CLOCK_TOLERANCE } from '../../domain/time/clock-offset.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import { BETWEEN_NIGHTLY_RUNS } from '../../domain/time/schedule.ts';
import type { Span } from '../../domain/time/spans.ts';
import type { Observe } from '../../ports.ts';
import { boundProject } from './bound-project.ts';
import { isBeforeCoverage } from './due.ts';
import { isSame, type RowPorts, rewrite } from './target-row-store.ts';

/** What a run goes by at one target: its current window, and the time. */
export type RunScope = {
  /** The run's current window; absent for a sweep where no firing of the schedule is known. */
  current: Span | undefined;
  /** A sweep's firing may be older than the target's first run: it orders nothing from before coverage begins. */
  isSweep?: boolean;
  now: Instant;
  /** `now` is Huawei's time. Otherwise nothing may depend on how early or late it is. */
  isVerified: boolean;
  /** How far our clock is ahead of Huawei's, in seconds, where the difference is notable. */
  aheadSeconds?: number | undefined;
  /** When the schedule fired; absent for a sweep. */
  firedAt?: Instant | undefined;
};

/**
 * Writes the target's row as this run goes by it: created by the first run, changed where the settings ask for earlier
 * coverage or where a wrong clock had moved coverage too far. `stored` is the row as it was just read.
 */
export async function initCoverage(
  ports: RowPorts,
  target: Target,
  { scope, stored }: { scope: RunScope; stored: TargetRow | undefined },
): Promise<TargetRow | undefined> {
  const row = await rewrite(ports, target, { stored, wanted: (found) => previewInit(found, target, scope) });
  if (row) reportInit(ports.observe, target, { before: stored, after: row });
  return row;
}

/**
 * The content of the target's row as this run goes by it. Undefined while `start_at` is in the future and the ledger has
 * no row of the target. Pure: reads and writes nothing.
 */
export function previewInit(
  found: TargetRow | undefined,
  target: Target,
  scope: RunScope,
): TargetContent | undefined {
  const content = { ...boundProject(target), ...(found ? contentOf(found) : {}) };
  const covered = extended(corrected(withVerifiedStart(content, scope), scope), target, scope);
  if (!covered.coveredFrom) return found && covered;
  return { ...covered, ...newestFiring(covered, scope), ...unverified(covered, scope) };
}

/** Whether a run would leave the target's row as it is. */
export function isUnchanged(stored: TargetRow, content: TargetContent): boolean {
  return isSame(contentOf(stored), content);
}

/** The part of what `start_at` asks for that Huawei no longer had when coverage began. */
export function beforeRetention({ startAt }: Target, coveredFrom: Instant | undefined): Span | undefined {
  return startAt && coveredFrom && isBefore(startAt, coveredFrom)
    ? { start: startAt, end: coveredFrom }
    : undefined;
}

/** Without a start of coverage that lies in the future, or that only our own clock vouched for and may be wrong. */
function withVerifiedStart(content: TargetContent, scope: RunScope): TargetContent {
  const { coveredFrom, coveredUntil, lostUntil, unverifiedAt, ...rest } = content;
  if (!scope.isVerified || !coveredFrom || !coveredUntil) return content;
  if (isAfter(coveredFrom, scope.now.add(CLOCK_TOLERANCE))) return { ...rest, unverifiedAt: scope.now };
  if (!unverifiedAt) return content;
  if (!wasClockRight(unverifiedAt, scope)) return { ...rest, unverifiedAt };
  return { ...rest, coveredFrom, coveredUntil, ...(lostUntil ? { lostUntil } : {}) };
}

/** Our clock was probably right if it is right now and about as much time has passed as between two runs. */
function wasClockRight(unverifiedAt: Instant, { now, aheadSeconds }: RunScope): boolean {
  if (aheadSeconds !== undefined || isAfter(unverifiedAt, now.add(CLOCK_TOLERANCE))) return false;
  return !isAfter(now, unverifiedAt.add(BETWEEN_NIGHTLY_RUNS));
}

/**
 * Undoes what a clock that was ahead has done: coverage that ends in the future, and windows recorded as lost that Huawei
 * still has. Coverage then ends at the retention cutoff, so every window after the cutoff is checked again.
 */
function corrected(content: TargetContent, { now, isVerified }: RunScope): TargetContent {
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

/** Coverage from the earlier of `start_at` and the first run's current window; it only ever becomes earlier. */
function extended(content: TargetContent, target: Target, scope: RunScope): TargetContent {
  const { current, now, isVerified } = scope;
  if (!current) return content;
  const wanted = wantedStart(target, content, { ...scope, current });
  if (!wanted) return extendLookback(content, target, scope);
  // Without Huawei's time nobody knows how far back the records go: a `start_at` waits for a run that does.
  const coveredFrom = isVerified
    ? later(wanted, oldestExportable(now))
    : (content.coveredFrom ?? current.start);
  if (content.coveredFrom && !isBefore(coveredFrom, content.coveredFrom))
    return extendLookback(content, target, scope);
  const { unverifiedAt: _, ...known } = content;
  return { ...known, ...(isVerified ? {} : { unverifiedAt: now }), coveredFrom, coveredUntil: coveredFrom };
}

/**
 * Where coverage should begin; undefined where that is still in the future, or where coverage has begun and no
 * `start_at` is set.
 */
function wantedStart(
  { startAt }: Target,
  { coveredFrom, unverifiedAt }: TargetContent,
  { current, now, isVerified }: RunScope & { current: Span },
): Instant | undefined {
  if (coveredFrom) return startAt;
  if (startAt) return isBefore(startAt, current.end) ? earlier(startAt, current.start) : undefined;
  // The first runs had no verified time: whatever Huawei still has may belong to their windows.
  return isVerified && unverifiedAt ? earlier(oldestExportable(now), current.start) : current.start;
}

// A late run's current window may lie before coverage: like a backfill's windows, later runs must still see it.
function extendLookback(
  content: TargetContent,
  target: Target,
  { current, isSweep }: RunScope,
): TargetContent {
  const { coveredFrom, coveredUntil, lookbackFrom } = content;
  if (!current || isSweep || !coveredFrom || !isBeforeCoverage(target, coveredFrom, current)) return content;
  const seenFrom = [coveredUntil, lookbackFrom].filter((at) => at !== undefined);
  return seenFrom.some((at) => !isAfter(at, current.start))
    ? content
    : { ...content, lookbackFrom: current.start };
}

// The latest time that our clock has shown, so that a clock that is set back is noticed. After a jump ahead of more
// than a day the time before the jump stays: the next run sees the difference.
function unverified(
  { unverifiedAt }: TargetContent,
  { now, isVerified }: RunScope,
): Pick<TargetContent, 'unverifiedAt'> {
  if (!unverifiedAt || isVerified) return {};
  return {
    unverifiedAt: isAfter(now, unverifiedAt.add(BETWEEN_NIGHTLY_RUNS))
      ? unverifiedAt
      : later(unverifiedAt, now),
  };
}

function newestFiring(
  content: TargetContent,
  { firedAt, now, isVerified }: RunScope,
): Pick<TargetContent, 'lastFiring'> {
  // An unverified clock that was ahead may have stored a firing of the future.
  const known = isVerified ? content.lastFiring && earlier(content.lastFiring, now) : content.lastFiring;
  const newest = known && firedAt ? later(known, firedAt) : (known ?? firedAt);
  return newest ? { lastFiring: newest } : {};
}

type Change = { before: TargetRow | undefined; after: TargetRow };

function reportInit(observe: Observe, target: Target, change: Change): void {
  const { before, after } = change;
  const { coveredFrom } = after;
  if (coveredFrom && !before?.coveredFrom)
    observe({ type: 'coverage_started', targetId: target.id, from: coveredFrom });
  const missing = isMoved(change) ? coveredFrom && beforeRetention(target, coveredFrom) : undefined;
  if (missing) observe({ type: 'before_retention', targetId: target.id, window: missing });
  reportReset(observe, change);
}

function isMoved({ before, after: { coveredFrom } }: Change): boolean {
  return coveredFrom !== undefined && !(before?.coveredFrom && coveredFrom.equals(before.coveredFrom));
}

// An earlier start was asked for. Anything else that moves back undoes what a wrong clock did.
function reportReset(observe: Observe, change: Change): void {
  const { before, after } = change;
  const [from, to] = [before?.coveredUntil, after.coveredUntil];
  if (!from || !to || !isAfter(from, to)) return;
  const isAsked = isMoved(change) && before?.coveredFrom && isAfter(before.coveredFrom, to);
  if (!isAsked) observe({ type: 'coverage_reset', targetId: after.targetId, from, to });
}
