import { type Instant, isBefore } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import { intersection } from '../../domain/spans.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { announceKept } from '../window/announce.ts';
import { submitWindow } from '../window/submit.ts';
import type { TargetDemand } from '../window/window-demand.ts';
import { heldUntil } from '../window/window-outcome.ts';
import { ownWindow, planOf } from './plan.ts';
import type { Survey } from './survey.ts';
import type { Job } from './work-through.ts';

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
  { seen, demand }: { seen: Survey; demand: TargetDemand },
  { now, isUnverified, left }: Ordering,
  signal: AbortSignal,
): Job[] {
  const { target, trigger } = demand;
  const isNew = (window: Span) => intersection([window], left).length === 0;
  const unverified = isUnverified ? { isUnverified } : {};
  const kept = seen.unannounced.filter(({ window }) => isNew(window));
  const planned = planOf(demand, seen, now).filter(({ window }) => isNew(window));
  return [
    ...kept.map((entry) => ({
      window: entry.window,
      isLocal: true,
      work: () => announceKept(ports, entry),
    })),
    ...planned.map(({ window, reason }) => ({
      window,
      work: () => submitWindow(ports, { target, window, reason, trigger, ...unverified }, signal),
    })),
  ];
}

/** Windows of the calendar that a run finds taken care of: its own, and those in the hands of other runs. */
export function takenCareOf(
  { target, scheduledTime }: Pick<TargetDemand, 'target' | 'scheduledTime'>,
  seen: Survey,
): WindowResult[] {
  const own = ownWindow({ target, scheduledTime });
  const waiting = seen.waiting.map(({ window, until }) => ({ window, result: heldUntil(until) }));
  const open = [
    ...seen.holes,
    ...seen.beyond,
    ...seen.crossing,
    ...seen.waiting.map(({ window }) => window),
    ...seen.unannounced.map(({ window }) => window),
  ];
  const isWanted = target.startAt === undefined || isBefore(target.startAt, own.end);
  const isCovered = isWanted && intersection([own], open).length === 0;
  return isCovered ? [...waiting, { window: own, result: { outcome: 'covered' } }] : waiting;
}
