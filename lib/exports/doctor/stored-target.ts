import { asExportError, type ExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { LedgerReader } from '../../ports.ts';
import { previewTarget } from '../scheduled/rewrite-target.ts';

/** A target's row as earlier runs left it. `error`: it cannot be read, or is gone and has left windows. */
export type StoredTarget = {
  record?: TargetRecord | undefined;
  error?: ExportError;
  /** The ledger as a whole cannot be read. */
  isUnknown?: boolean;
};

type OpenLedger = () => LedgerReader | undefined;

/** Reads a target's row. Of a ledger that is not there yet, there is none. */
export async function storedTarget(
  target: Target,
  openLedger: OpenLedger | undefined,
): Promise<StoredTarget> {
  if (!openLedger) return { isUnknown: true };
  try {
    const ledger = openLedger();
    if (!ledger) return {};
    return { record: await previewTarget(ledger, target) };
  } catch (thrown) {
    return { error: asExportError(thrown) };
  }
}
