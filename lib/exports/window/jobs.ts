import type { Span } from '../../domain/time/spans.ts';
import type { RunPorts } from '../../run-ports.ts';
import { deferredBecause, stopped, type WindowOutcome } from './outcome.ts';
import type { WindowResult } from './report.ts';

/** What is to be done about one window. `work` never throws. */
export type Job = {
  window: Span;
  work: () => Promise<WindowOutcome>;
  /** It asks nothing of Huawei, so it is done whatever keeps others from being done. */
  isLocal?: boolean;
};

/** What ends the work before it is through. `hold` says why no more exports may be ordered for now, if anything does. */
export type Limits = {
  signal: AbortSignal;
  hold?: () => string | undefined;
  /** Waits until Huawei does the next export, where it does one at a time; false: not in this run. */
  untilFree?: () => Promise<boolean>;
};

/** Does one job after the other and tells how each went. What is not started is told as one number. */
export async function runJobs(
  { observe }: RunPorts,
  targetId: string,
  jobs: readonly Job[],
  { signal, hold = () => undefined, untilFree = NEVER }: Limits,
): Promise<WindowResult[]> {
  const results: WindowResult[] = [];
  const held: Job[] = [];
  for (const job of jobs) {
    if (signal.aborted || (!job.isLocal && hold() !== undefined)) {
      held.push(job);
      continue;
    }
    const result = { window: job.window, result: await inTurn(job, untilFree) };
    emitOutcome(observe, targetId, result);
    results.push(result);
  }
  const why = hold();
  const outcome = signal.aborted || why === undefined ? stopped(signal) : deferredBecause(why);
  return [
    ...results,
    ...reportDeferred(observe, targetId, { windows: held.map(({ window }) => window), outcome }),
  ];
}

const NEVER = () => Promise.resolve(false);

// Free by the list, and refused again all the same: somebody else is quicker, or the list is not the whole truth.
const MOST_TURNS = 3;

async function inTurn({ work }: Job, untilFree: () => Promise<boolean>): Promise<WindowOutcome> {
  let outcome = await work();
  for (let turns = 0; turns < MOST_TURNS && isBusy(outcome) && (await untilFree()); turns += 1)
    outcome = await work();
  return outcome;
}

function isBusy(outcome: WindowOutcome): boolean {
  return outcome.outcome === 'deferred' && outcome.isBusy === true;
}

type Left = { windows: readonly Span[]; outcome: Extract<WindowOutcome, { outcome: 'deferred' }> };

/** Tells of windows that are not started in this run, as one number. */
export function reportDeferred(
  observe: RunPorts['observe'],
  targetId: string,
  { windows, outcome }: Left,
): WindowResult[] {
  if (windows.length > 0)
    observe({ type: 'windows_deferred', targetId, windows: windows.length, why: outcome.why });
  return windows.map((window) => ({ window, result: outcome }));
}

/** Tells an outcome that nobody else has told of. */
export function emitOutcome(
  observe: RunPorts['observe'],
  targetId: string,
  { window, result }: WindowResult,
): void {
  const about = { targetId, window };
  if (result.outcome === 'covered') observe({ type: 'window_covered', ...about });
  if (result.outcome === 'deferred') observe({ type: 'window_deferred', ...about, why: result.why });
  if (result.outcome === 'failed') observe({ type: 'window_failed', ...about, error: result.error });
}
