import { asExportError, type ExportError, InfrastructureError } from '../../domain/errors.ts';
import type { WindowRow } from '../../domain/ledger/window-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import type { RunPorts } from '../../run-ports.ts';

/** A window, and its outcome in this run. */
export type WindowResult = { window: Span; result: WindowOutcome };

/**
 * The outcome for a window; `deferred` means that another run has leased it (`isLeased`), that Huawei does one export at
 * a time (`isBusy`), or that this run could not start it.
 */
export type WindowOutcome =
  | { outcome: 'published' }
  | { outcome: 'covered' }
  | { outcome: 'lost' }
  | { outcome: 'confirmed' }
  | { outcome: 'deferred'; why: string; isLeased?: true; isBusy?: true }
  | { outcome: 'failed'; error: ExportError };

type Deferred = Extract<WindowOutcome, { outcome: 'deferred' }>;

/** Another run has written the row and finishes the window; this run must not write it any more. */
export const LOST_LEASE: Deferred = { outcome: 'deferred', why: 'another run took it over', isLeased: true };

/** Huawei is busy with another export of the project (409 and the like). Nothing is wrong. */
export const BUSY: Deferred = {
  outcome: 'deferred',
  why: 'Huawei does one export at a time, and one is running',
  isBusy: true,
};

export function leasedUntil(until: Instant): Deferred {
  return {
    outcome: 'deferred',
    why: `another run has leased it until ${until.round('second')}`,
    isLeased: true,
  };
}

/** The run ended before the window was done; the window is free for the next run. A person's stop is no time-out. */
export function stopped({ reason }: AbortSignal): Deferred {
  const isTimeOut = reason instanceof DOMException && reason.name === 'TimeoutError';
  return { outcome: 'deferred', why: isTimeOut ? "the run's time was over" : 'it was interrupted' };
}

/** For a reason that a later run may not meet. */
export function deferredBecause(why: string): Deferred {
  return { outcome: 'deferred', why };
}

/** Resolves to an outcome, even where `work` throws. */
export async function toOutcome(work: () => Promise<WindowOutcome>): Promise<WindowOutcome> {
  try {
    return await work();
  } catch (error) {
    return { outcome: 'failed', error: asExportError(error) };
  }
}

/** Writes a failure to the ledger. Where that fails too, the outcome names both errors. */
export async function recordFailure(
  { ledger }: RunPorts,
  error: ExportError,
  row: WindowRow,
): Promise<WindowOutcome> {
  try {
    await ledger.save(row);
    return { outcome: 'failed', error };
  } catch (thrown) {
    const message = `${error.message} And the ledger could not be written: ${asExportError(thrown).message}`;
    const { vendor } = error;
    const details = vendor ? { cause: error, vendor } : { cause: error };
    return { outcome: 'failed', error: new InfrastructureError(message, details) };
  }
}
