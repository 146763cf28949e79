import { type Instant, isBefore } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import { without } from '../../domain/spans.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { Reason } from '../../domain/task-submitted.ts';
import { cutIntoWindows, newestDueWindow } from '../../domain/windows.ts';
import type { TargetDemand } from '../window/window-demand.ts';
import { windowsAtRisk } from './coverage.ts';
import type { Survey } from './survey.ts';

/** What a plan depends on; whatever set the run off makes no difference to it. */
export type PlanDemand = Omit<TargetDemand, 'trigger'>;

export type PlannedWindow = { window: Span; reason: Reason };

/** The run's own window: the newest one that was due at its scheduled time. The same at every replay. */
export function ownWindow({ target, scheduledTime }: Pick<PlanDemand, 'target' | 'scheduledTime'>): Span {
  return newestDueWindow(target.window, scheduledTime);
}

/**
 * What should be covered by now, as far as it is not known to be. The own window of a run that comes late, for a time
 * before the target's first run, belongs to it; `start_at` is a border that nothing is exported before.
 */
export function dueSpans(target: Target, record: Coverage | undefined, own: Span): Span[] {
  if (!record?.origin || !record.coveredUntil) return [];
  const due = { start: record.coveredUntil, end: own.end };
  return isBeforeOrigin(target, record.origin, own) ? [own, due] : [due];
}

type Coverage = Pick<TargetRecord, 'origin' | 'coveredUntil'>;

/** Whether a run's own window began before coverage did, without being beyond the border that `start_at` is. */
export function isBeforeOrigin(target: Target, origin: Instant, own: Span): boolean {
  return !target.startAt && isBefore(own.start, origin);
}

/** What is known to be covered, whether or not the ledger's windows for it are listed. */
export function coveredSpans({ origin, coveredUntil }: Coverage): Span[] {
  return origin && coveredUntil ? [{ start: origin, end: coveredUntil }] : [];
}

/**
 * The windows that a run orders, in the order in which it does: first what is at risk, because nobody else can save it;
 * then the run's own window, because a long backlog must not make today's late; then the rest. Each oldest first.
 */
export function planOf(demand: PlanDemand, { holes, givenUp }: Survey, now: Instant): PlannedWindow[] {
  const { target } = demand;
  const own = ownWindow(demand);
  const open = without(holes, givenUp);
  const risky = new Set(
    windowsAtRisk(target, { holes: open }, now).map(({ start }) => start.epochNanoseconds),
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
