import { asExportError, type ExportError, InfrastructureError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import type { WindowRecord } from '../../domain/window-record.ts';
import type { RunPorts } from '../run-ports.ts';

/** How it went; `left` means that another run has the window in its hands, or that this run's time was over. */
export type WindowOutcome =
  | { outcome: 'announced' }
  | { outcome: 'covered' }
  | { outcome: 'lost' }
  | { outcome: 'confirmed' }
  | { outcome: 'left'; why: string }
  | { outcome: 'failed'; error: ExportError };

/** The record has moved on under another run, which finishes the window; nothing more may be written here. */
export const OVERTAKEN: WindowOutcome = { outcome: 'left', why: 'another run took it over' };

/** Nothing of it was begun, or it was stopped; what was begun is free at once. */
export const TIME_OVER: WindowOutcome = { outcome: 'left', why: "the run's time was over" };

export function heldUntil(until: Instant): WindowOutcome {
  return { outcome: 'left', why: `another run holds it until ${until.round('second')}` };
}

/** Resolves to an outcome, whatever is thrown on the way. */
export async function settled(work: () => Promise<WindowOutcome>): Promise<WindowOutcome> {
  try {
    return await work();
  } catch (error) {
    return { outcome: 'failed', error: asExportError(error) };
  }
}

/** Notes a failure in the ledger. Where even that fails, both are told. */
export async function failWith(
  { ledger }: RunPorts,
  error: ExportError,
  record: WindowRecord,
): Promise<WindowOutcome> {
  try {
    await ledger.save(record);
    return { outcome: 'failed', error };
  } catch (thrown) {
    const message = `${error.message} And the ledger could not be told: ${asExportError(thrown).message}`;
    const { vendor } = error;
    const details = vendor ? { cause: error, vendor } : { cause: error };
    return { outcome: 'failed', error: new InfrastructureError(message, details) };
  }
}
