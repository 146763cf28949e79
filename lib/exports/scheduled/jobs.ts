import { type Instant, isBefore } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import { intersection } from '../../domain/spans.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { publishKept } from '../window/publish.ts';
import { submitWindow } from '../window/submit.ts';
import type { TargetInput } from '../window/window-input.ts';
import { leasedUntil } from '../window/window-outcome.ts';
import type { Assessment } from './assess-coverage.ts';
import { currentWindow, planOf } from './plan.ts';
import type { Job } from './run-jobs.ts';

type Ordering = {
  now: Instant;
  /** `now` is not Huawei's time. */
  isUnverified: boolean;
  /** What is not to be ordered now: this run tried it already, or a later sweep does. */
  left: readonly Span[];
};

/** What a run has to do for a target: first what dead runs left unsaid, then the windows to order. */
export function jobsOf(
  ports: RunPorts,
  { seen, input }: { seen: Assessment; input: TargetInput },
  { now, isUnverified, left }: Ordering,
  signal: AbortSignal,
): Job[] {
  const { target, trigger } = input;
  const isNew = (window: Span) => intersection([window], left).length === 0;
  const unverified = isUnverified ? { isUnverified } : {};
  const kept = seen.unpublished.filter(({ window }) => isNew(window));
  const planned = planOf(input, seen, now).filter(({ window }) => isNew(window));
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

/** Windows of the calendar that a run finds taken care of: its own, and those in the hands of other runs. */
export function alreadyHandled(
  { target, scheduledTime }: Pick<TargetInput, 'target' | 'scheduledTime'>,
  seen: Assessment,
): WindowResult[] {
  const own = currentWindow({ target, scheduledTime });
  const leased = seen.leased.map(({ window, until }) => ({ window, result: leasedUntil(until) }));
  const open = [
    ...seen.gaps,
    ...seen.pastCutoff,
    ...seen.crossing,
    ...seen.leased.map(({ window }) => window),
    ...seen.unpublished.map(({ window }) => window),
  ];
  const isWanted = target.startAt === undefined || isBefore(target.startAt, own.end);
  const isCovered = isWanted && intersection([own], open).length === 0;
  return isCovered ? [...leased, { window: own, result: { outcome: 'covered' } }] : leased;
}
