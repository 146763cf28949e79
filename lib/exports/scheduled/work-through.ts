import type { Span } from '../../domain/span.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { TIME_OVER, type WindowOutcome } from '../window/window-outcome.ts';

/** What is to be done about one window. `work` never throws. */
export type Job = { window: Span; work: () => Promise<WindowOutcome> };

/** Does one job after the other and tells how each went. What the time does not suffice for is told as one number. */
export async function workThrough(
  { observe }: RunPorts,
  targetId: string,
  jobs: readonly Job[],
  signal: AbortSignal,
): Promise<WindowResult[]> {
  const results: WindowResult[] = [];
  for (const { window, work } of jobs) {
    if (signal.aborted) break;
    const result = { window, result: await work() };
    tellOutcome(observe, targetId, result);
    results.push(result);
  }
  const left = jobs.slice(results.length);
  if (left.length > 0) observe({ type: 'windows_left', targetId, windows: left.length });
  return [...results, ...left.map(({ window }) => ({ window, result: TIME_OVER }))];
}

/** Tells an outcome that nobody else has told of. */
export function tellOutcome(
  observe: RunPorts['observe'],
  targetId: string,
  { window, result }: WindowResult,
): void {
  const about = { targetId, window };
  if (result.outcome === 'covered') observe({ type: 'window_covered', ...about });
  if (result.outcome === 'left') observe({ type: 'window_left', ...about, why: result.why });
  if (result.outcome === 'failed') observe({ type: 'window_failed', ...about, error: result.error });
}
