import type { ExportError } from '../../domain/errors.ts';
import type { Span } from '../../domain/time/spans.ts';
import type { Observe } from '../../ports.ts';
import type { WindowOutcome, WindowResult } from './outcome.ts';

/** Reports an outcome for which no event was sent while it came about. */
export function emitOutcome(observe: Observe, targetId: string, { window, result }: WindowResult): void {
  const about = { targetId, window };
  if (result.outcome === 'covered') observe({ type: 'window_covered', ...about });
  if (result.outcome === 'deferred') observe({ type: 'window_deferred', ...about, why: result.why });
  if (result.outcome === 'failed') observe({ type: 'window_failed', ...about, error: result.error });
}

type Deferred = { windows: readonly Span[]; outcome: Extract<WindowOutcome, { outcome: 'deferred' }> };

/** Reports windows that are not started in this run, as one number. */
export function reportDeferred(
  observe: Observe,
  targetId: string,
  { windows, outcome }: Deferred,
): WindowResult[] {
  if (windows.length > 0)
    observe({ type: 'windows_deferred', targetId, windows: windows.length, why: outcome.why });
  return windows.map((window) => ({ window, result: outcome }));
}

type Failed = { targetId: string; window: Span; error: ExportError };

/** Reports that a window failed, and returns the result for the run's report. */
export function reportFailed(observe: Observe, { targetId, window, error }: Failed): WindowResult {
  observe({ type: 'window_failed', targetId, window, error });
  return { window, result: { outcome: 'failed', error } };
}
