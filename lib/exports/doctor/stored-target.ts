import { asExportError, type ExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { Ledger } from '../../ports.ts';

/** A target's row as earlier runs left it. `error`: it is there and cannot be read. */
export type StoredTarget = {
  record?: TargetRecord | undefined;
  error?: ExportError;
  /** The ledger as a whole cannot be read. */
  isUnknown?: boolean;
};

type OpenLedger = () => Pick<Ledger, 'findTarget'> | undefined;

/** Reads a target's row. Of a ledger that is not there yet, there is none. */
export async function storedTarget(
  target: Target,
  openLedger: OpenLedger | undefined,
): Promise<StoredTarget> {
  if (!openLedger) return { isUnknown: true };
  try {
    return { record: await openLedger()?.findTarget(target.id) };
  } catch (thrown) {
    return { error: asExportError(thrown) };
  }
}
