import pMap from 'p-map';
import { InputError } from '../domain/errors.ts';
import { type Instant, isAfter } from '../domain/instant.ts';
import type { Target } from '../domain/target.ts';
import type { Trigger } from '../domain/task-submitted.ts';
import { newestDueWindow } from '../domain/windows.ts';
import type { Observe } from '../ports.ts';
import { type RunReport, reportTarget, type TargetReport } from './report.ts';
import { type SubmitOutcome, type SubmitPorts, submitWindow } from './submit.ts';
import type { WindowDemand } from './window-demand.ts';

/** A scheduled run: the windows follow from `scheduledTime` and the targets, never from the wall clock. */
export type RunDemand = { targets: readonly Target[]; scheduledTime: Instant; trigger: Trigger };

// Enough to keep the network busy, few enough that one project's throttling limit is not met by our own doing.
const TARGETS_AT_ONCE = 8;

// A schedule's time and this machine's clock may differ a little.
const CLOCK_TOLERANCE = { minutes: 5 };

/**
 * Exports the newest due window of each target, several targets at once. One target's failure does not stop another;
 * failures are in the report. Throws only for a demand that makes no sense.
 */
export async function runScheduledExport(
  ports: SubmitPorts,
  demand: RunDemand,
  signal: AbortSignal,
): Promise<RunReport> {
  checkNotInFuture(demand.scheduledTime, ports.clock());
  const work = (target: Target) => exportTarget(ports, target, demand, signal);
  return { targets: await pMap(demand.targets, work, { concurrency: TARGETS_AT_ONCE }) };
}

async function exportTarget(
  ports: SubmitPorts,
  target: Target,
  { scheduledTime, trigger }: RunDemand,
  signal: AbortSignal,
): Promise<TargetReport> {
  const window = newestDueWindow(target.window, scheduledTime);
  const demand: WindowDemand = { target, window, reason: 'routine', trigger };
  const result = await submitWindow(ports, demand, signal);
  tell(ports.observe, demand, result);
  return reportTarget(target.id, [{ window, result }]);
}

function tell(observe: Observe, { target, window }: WindowDemand, result: SubmitOutcome): void {
  const about = { targetId: target.id, window };
  if (result.outcome === 'covered') observe({ type: 'window_covered', ...about });
  if (result.outcome === 'left') observe({ type: 'window_left', ...about, why: result.why });
  if (result.outcome === 'failed') observe({ type: 'window_failed', ...about, error: result.error });
}

// A window whose records are not all there yet would be exported half, and count as done.
function checkNotInFuture(scheduledTime: Instant, now: Instant): void {
  if (!isAfter(scheduledTime, now.add(CLOCK_TOLERANCE))) return;
  throw new InputError('The run cannot be done yet:', [
    {
      path: 'scheduled_time',
      problem: `is ${scheduledTime}, which is in the future; it is ${now.round('second')} now`,
    },
  ]);
}
