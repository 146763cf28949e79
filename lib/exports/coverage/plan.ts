import type { Reason } from '../../domain/exports/message.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import { type Span, without } from '../../domain/time/spans.ts';
import { cutIntoWindows, newestDueWindow } from '../../domain/time/windows.ts';
import type { TargetInput } from '../window/outcome.ts';
import type { Assessment } from './assess.ts';
import { windowsAtRisk } from './report-coverage.ts';

/** What a plan depends on; whatever set the run off makes no difference to it. */
export type PlanInput = Omit<TargetInput, 'trigger'>;

export type PlannedWindow = { window: Span; reason: Reason };

/** The run's current window: the newest one that was due at its scheduled time. The same at every replay. */
export function currentWindow({ target, scheduledTime }: Pick<PlanInput, 'target' | 'scheduledTime'>): Span {
  return newestDueWindow(target.window, scheduledTime);
}

/**
 * What should be covered by now, as far as it is not known to be. The current window of a run that comes late, for a time
 * before the target's first run, belongs to it; `start_at` is a border that nothing is exported before.
 */
export function dueSpans(target: Target, row: Coverage | undefined, own: Span): Span[] {
  if (!row?.coveredFrom || !row.coveredUntil) return [];
  const due = { start: row.coveredUntil, end: own.end };
  return isBeforeCoverage(target, row.coveredFrom, own) ? [own, due] : [due];
}

type Coverage = Pick<TargetRow, 'coveredFrom' | 'coveredUntil'>;

/** Whether a run's current window began before coverage did, without being before the border that `start_at` is. */
export function isBeforeCoverage(target: Target, coveredFrom: Instant, own: Span): boolean {
  return !target.startAt && isBefore(own.start, coveredFrom);
}

/** What is known to be covered, whether or not the ledger's windows for it are listed. */
export function coveredSpans({ coveredFrom, coveredUntil }: Coverage): Span[] {
  return coveredFrom && coveredUntil ? [{ start: coveredFrom, end: coveredUntil }] : [];
}

/**
 * The windows that a run orders, in the order in which it does: first what is at risk, because nobody else can save it;
 * then the run's current window, because a long backlog must not make today's late; then the rest. Each oldest first.
 */
export function planOf(input: PlanInput, { gaps, exhausted }: Assessment, now: Instant): PlannedWindow[] {
  const { target } = input;
  const own = currentWindow(input);
  const open = without(gaps, exhausted);
  const risky = new Set(
    windowsAtRisk(target, { gaps: open }, now).map(({ start }) => start.epochNanoseconds),
  );
  const windows = cutIntoWindows(target.window, open).map((window) => ({
    window,
    reason: isIn(own, window.start) ? ('routine' as const) : ('catch-up' as const),
    rank: risky.has(window.start.epochNanoseconds) ? 0 : isIn(own, window.start) ? 1 : 2,
  }));
  return windows.sort((a, b) => a.rank - b.rank).map(({ window, reason }) => ({ window, reason }));
}

function isIn({ start, end }: Span, at: Instant): boolean {
  return !isBefore(at, start) && isBefore(at, end);
}
