import { isBefore } from '../../domain/instant.ts';
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

/** What a run has to do for a target: first what dead runs left unsaid, then the windows to order, oldest first. */
export function jobsOf(ports: RunPorts, demand: TargetDemand, seen: Survey, signal: AbortSignal): Job[] {
  const { target, trigger } = demand;
  return [
    ...seen.unannounced.map((entry) => ({ window: entry.window, work: () => announceKept(ports, entry) })),
    ...planOf(demand, seen).map(({ window, reason }) => ({
      window,
      work: () => submitWindow(ports, { target, window, reason, trigger }, signal),
    })),
  ];
}

/** Windows of the calendar that a run finds taken care of: its own, and those in the hands of other runs. */
export function takenCareOf(demand: TargetDemand, seen: Survey): WindowResult[] {
  if (demand.scope === 'rows') return [];
  const own = ownWindow(demand);
  const waiting = seen.waiting.map(({ window, until }) => ({ window, result: heldUntil(until) }));
  const open = [
    ...seen.holes,
    ...seen.beyond,
    ...seen.waiting.map(({ window }) => window),
    ...seen.unannounced.map(({ window }) => window),
  ];
  const { startAt } = demand.target;
  const isWanted = startAt === undefined || isBefore(startAt, own.end);
  const isCovered = isWanted && intersection([own], open).length === 0;
  return isCovered ? [...waiting, { window: own, result: { outcome: 'covered' } }] : waiting;
}
