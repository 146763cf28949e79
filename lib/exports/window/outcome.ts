import { asExportError, type ExportError, InfrastructureError } from '../../domain/errors.ts';
import type { Reason, ServedAlerts, Trigger } from '../../domain/exports/message.ts';
import type { Target } from '../../domain/input/target.ts';
import type { ExportOrder, WindowRow } from '../../domain/ledger/window-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import type { RunPorts } from '../../run-ports.ts';

/**
 * How it went; `deferred` means that another run has leased the window (`isLeased`), that Huawei does one export at a time
 * (`isBusy`), or that this run could not begin it.
 */
export type WindowOutcome =
  | { outcome: 'published' }
  | { outcome: 'covered' }
  | { outcome: 'lost' }
  | { outcome: 'confirmed' }
  | { outcome: 'deferred'; why: string; isLeased?: true; isBusy?: true }
  | { outcome: 'failed'; error: ExportError };

type Deferred = Extract<WindowOutcome, { outcome: 'deferred' }>;

/** The row has moved on under another run, which finishes the window; nothing more may be written here. */
export const LOST_LEASE: Deferred = { outcome: 'deferred', why: 'another run took it over', isLeased: true };

/** Nothing of it was started, or it was stopped; what was started is free at once. A platform's limit is a time-out, a person's stop is none. */
export function stopped({ reason }: AbortSignal): Deferred {
  const isTimeOut = reason instanceof DOMException && reason.name === 'TimeoutError';
  return { outcome: 'deferred', why: isTimeOut ? "the run's time was over" : 'it was interrupted' };
}

export function leasedUntil(until: Instant): Deferred {
  return {
    outcome: 'deferred',
    why: `another run has leased it until ${until.round('second')}`,
    isLeased: true,
  };
}

/** Nothing is wrong: 409 and its like, while another export of the project runs. */
export const BUSY: Deferred = {
  outcome: 'deferred',
  why: 'Huawei does one export at a time, and one is running',
  isBusy: true,
};

/** Something kept the run from it that a later one may not meet. */
export function deferredBecause(why: string): Deferred {
  return { outcome: 'deferred', why };
}

/** Resolves to an outcome, whatever is thrown on the way. */
export async function toOutcome(work: () => Promise<WindowOutcome>): Promise<WindowOutcome> {
  try {
    return await work();
  } catch (error) {
    return { outcome: 'failed', error: asExportError(error) };
  }
}

/** Notes a failure in the ledger. Where even that fails, both are told. */
export async function recordFailure(
  { ledger }: RunPorts,
  error: ExportError,
  row: WindowRow,
): Promise<WindowOutcome> {
  try {
    await ledger.save(row);
    return { outcome: 'failed', error };
  } catch (thrown) {
    const message = `${error.message} And the ledger could not be told: ${asExportError(thrown).message}`;
    const { vendor } = error;
    const details = vendor ? { cause: error, vendor } : { cause: error };
    return { outcome: 'failed', error: new InfrastructureError(message, details) };
  }
}

/** One window to export, and why. */
export type WindowInput = {
  target: Target;
  window: Span;
  reason: Reason;
  trigger: Trigger;
  /** Where the reason is `alert`. */
  alerts?: ServedAlerts;
  /** Of an export for alerts: its number, and when it is ordered. */
  order?: ExportOrder;
  /** Of an export for alerts: one more than the tasks that failed for the same; its own row has none yet. */
  attempt?: number;
  /** It goes by our own clock, because nobody could say what time it is at Huawei. */
  isUnverified?: boolean;
};

/** One target's share of a run that stands for `scheduledTime`. */
export type TargetInput = { target: Target; scheduledTime: Instant; trigger: Trigger };
