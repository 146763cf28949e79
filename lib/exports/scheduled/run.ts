import pMap from 'p-map';
import { InputError } from '../../domain/errors.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import type { RunReport } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import type { TargetDemand } from '../window/window-demand.ts';
import { tendTarget } from './tend.ts';

/** A scheduled run: what is due follows from `scheduledTime` and the targets, never from the wall clock. */
export type RunDemand = { targets: readonly Target[] } & Omit<TargetDemand, 'target'>;

// Enough to keep the network busy, few enough that one project's throttling limit is not met by our own doing.
const TARGETS_AT_ONCE = 8;

// A schedule's time and this machine's clock may differ a little.
const CLOCK_TOLERANCE = { minutes: 5 };

/**
 * Does a scheduled run, or a sweep, for several targets at once. One target's failure does not stop another; failures
 * are in the report. Throws only for a demand that makes no sense.
 */
export async function runScheduledExport(
  ports: RunPorts,
  { targets, ...demand }: RunDemand,
  signal: AbortSignal,
): Promise<RunReport> {
  checkNotInFuture(demand.scheduledTime, ports.clock());
  const work = (target: Target) => tendTarget(ports, { ...demand, target }, signal);
  return { targets: await pMap(targets, work, { concurrency: TARGETS_AT_ONCE }) };
}

/** Throws an `InputError`: a window whose records are not all there yet would be exported half, and count as done. */
export function checkNotInFuture(scheduledTime: Instant, now: Instant): void {
  if (!isAfter(scheduledTime, now.add(CLOCK_TOLERANCE))) return;
  throw new InputError('The run cannot be done yet:', [
    {
      path: 'scheduled_time',
      problem: `is ${scheduledTime}, which is in the future; it is ${now.round('second')} now`,
    },
  ]);
}
