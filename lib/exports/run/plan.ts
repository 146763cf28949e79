import type { Reason } from '../../domain/exports/message.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import { intersection, type Span, without } from '../../domain/time/spans.ts';
import { cutIntoWindows } from '../../domain/time/windows.ts';
import type { RunPorts } from '../../run-ports.ts';
import { windowsAtRisk } from '../coverage/at-risk.ts';
import { currentWindow } from '../coverage/due.ts';
import type { Assessment } from '../coverage/gaps.ts';
import { publishKept, submitWindow } from '../window/export-window.ts';
import type { TargetInput } from '../window/input.ts';
import type { Job } from '../window/jobs.ts';

/** What a plan depends on; the run's trigger makes no difference. */
export type PlanInput = Omit<TargetInput, 'trigger'>;

export type PlannedWindow = { window: Span; reason: Reason };

/**
 * The windows that a run orders, in this order: first the windows at risk, because no later run can save them; then the
 * run's current window, because a long backlog must not make today's window late; then the rest. Each group oldest first.
 */
export function planOf(input: PlanInput, { gaps, exhausted }: Assessment, now: Instant): PlannedWindow[] {
  const { target } = input;
  const current = currentWindow(input);
  const open = without(gaps, exhausted);
  const atRisk = new Set(
    windowsAtRisk(target, { gaps: open }, now).map(({ start }) => start.epochNanoseconds),
  );
  const windows = cutIntoWindows(target.window, open).map((window) => ({
    window,
    reason: isIn(current, window.start) ? ('routine' as const) : ('catch-up' as const),
    rank: atRisk.has(window.start.epochNanoseconds) ? 0 : isIn(current, window.start) ? 1 : 2,
  }));
  return windows.sort((a, b) => a.rank - b.rank).map(({ window, reason }) => ({ window, reason }));
}

type Ordering = {
  now: Instant;
  /** `now` is not Huawei's time. */
  isUnverified: boolean;
  /** Not to be ordered now: this run has tried these spans already, or a later sweep does. */
  excluded: readonly Span[];
};

/** The jobs of a run for a target: first the messages that dead runs have not published, then the windows to order. */
export function jobsOf(
  ports: RunPorts,
  { seen, input }: { seen: Assessment; input: TargetInput },
  { now, isUnverified, excluded }: Ordering,
  signal: AbortSignal,
): Job[] {
  const { target, trigger } = input;
  const isIncluded = (window: Span) => intersection([window], excluded).length === 0;
  const unverified = isUnverified ? { isUnverified } : {};
  const kept = seen.unpublished.filter(({ window }) => isIncluded(window));
  const planned = planOf(input, seen, now).filter(({ window }) => isIncluded(window));
  return [
    ...kept.map((entry) => ({
      window: entry.window,
      isLocal: true,
      work: () => publishKept(ports, entry),
    })),
    ...planned.map(({ window, reason }) => ({
      window,
      work: () => submitWindow(ports, { target, window, reason, trigger, ...unverified }, signal),
    })),
  ];
}

function isIn({ start, end }: Span, at: Instant): boolean {
  return !isBefore(at, start) && isBefore(at, end);
}
