import { type Span, windowsOf } from '../../domain/time/spans.ts';
import type { RunPorts } from '../../run-ports.ts';
import { deferredBecause, stopped, type WindowOutcome, type WindowResult } from './outcome.ts';
import { emitOutcome, reportDeferred } from './report-outcome.ts';

/** The work on one window. `work` never throws. */
export type Job = {
  window: Span;
  work: () => Promise<WindowOutcome>;
  /** No call to Huawei is made: the job is done even where other jobs are deferred. */
  isLocal?: boolean;
};

/** What ends the work early. `hold` says why no more exports may be ordered for now, if there is a reason. */
export type Limits = {
  signal: AbortSignal;
  hold?: () => string | undefined;
  /** Waits until Huawei does the next export, where it does one at a time; false: not in this run. */
  untilFree?: () => Promise<boolean>;
};

/** Does one job after the other and reports each outcome. Jobs that are not started are reported as one number. */
export async function runJobs(
  { observe }: RunPorts,
  targetId: string,
  jobs: readonly Job[],
  { signal, hold = () => undefined, untilFree }: Limits,
): Promise<WindowResult[]> {
  const results: WindowResult[] = [];
  const deferred: Job[] = [];
  for (const job of jobs) {
    if (signal.aborted || (!job.isLocal && hold() !== undefined)) {
      deferred.push(job);
      continue;
    }
    const result = { window: job.window, result: await whenFree(job.work, untilFree) };
    emitOutcome(observe, targetId, result);
    results.push(result);
  }
  const why = hold();
  const outcome = signal.aborted || why === undefined ? stopped(signal) : deferredBecause(why);
  return [...results, ...reportDeferred(observe, targetId, { windows: windowsOf(deferred), outcome })];
}

/** Does the work, and does it again after a wait where Huawei was busy with another export of the project. */
export async function whenFree<Outcome extends WindowOutcome | undefined>(
  work: () => Promise<Outcome>,
  untilFree: Limits['untilFree'],
): Promise<Outcome> {
  let outcome = await work();
  for (let turns = 0; turns < MOST_TURNS && isBusy(outcome) && (await untilFree?.()); turns += 1)
    outcome = await work();
  return outcome;
}

// The list shows that Huawei is free, and the order is refused all the same: another system is quicker, or the list is
// incomplete.
const MOST_TURNS = 3;

function isBusy(outcome: WindowOutcome | undefined): boolean {
  return outcome?.outcome === 'deferred' && outcome.isBusy === true;
}
