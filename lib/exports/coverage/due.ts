import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { earlier, type Instant, isBefore } from '../../domain/time/instant.ts';
import { latestRunUntil, parseSchedule } from '../../domain/time/schedule.ts';
import type { Span } from '../../domain/time/spans.ts';
import { newestDueWindow } from '../../domain/time/windows.ts';
import type { TargetInput } from '../window/input.ts';

/** The run's current window: the newest window that was due at the run's scheduled time. A replay has the same one. */
export function currentWindow({
  target,
  scheduledTime,
}: Pick<TargetInput, 'target' | 'scheduledTime'>): Span {
  return newestDueWindow(target.window, scheduledTime);
}

/**
 * The firing that a sweep works for: the latest one of the target's schedule, or for a rate the newest that a run has
 * recorded. Undefined where no firing is known.
 */
export function firingUntil(target: Target, row: TargetRow | undefined, until: Instant): Instant | undefined {
  const schedule = parseSchedule(target.schedule);
  const last = row?.lastFiring;
  if (schedule?.kind === 'cron') return latestRunUntil(schedule, target.scheduleTimeZone, until);
  return last && earlier(last, until);
}

/**
 * What is due and not yet known to be covered. The current window of a late run counts although it may lie before the
 * target's first run; before a `start_at` nothing is exported.
 */
export function dueSpans(target: Target, row: CoveredPeriod | undefined, current: Span): Span[] {
  if (!row?.coveredFrom || !row.coveredUntil) return [];
  const due = { start: row.coveredUntil, end: current.end };
  return isBeforeCoverage(target, row.coveredFrom, current) ? [current, due] : [due];
}

/** Whether a run's current window begins before coverage does, where no `start_at` forbids that. */
export function isBeforeCoverage(target: Target, coveredFrom: Instant, current: Span): boolean {
  return !target.startAt && isBefore(current.start, coveredFrom);
}

/** What is known to be covered, whether or not the ledger's windows of that time are listed. */
export function coveredSpans({ coveredFrom, coveredUntil }: CoveredPeriod): Span[] {
  return coveredFrom && coveredUntil ? [{ start: coveredFrom, end: coveredUntil }] : [];
}

type CoveredPeriod = Pick<TargetRow, 'coveredFrom' | 'coveredUntil'>;
