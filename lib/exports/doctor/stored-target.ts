import { asExportError, type ExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { Ledger } from '../../ports.ts';

/** A target's row as earlier runs left it. `error`: it is there and cannot be read. */
export type StoredTarget = { record?: TargetRecord | undefined; error?: ExportError };

/** Reads a target's row; of a ledger that is not there yet, there is none. */
export async function storedTarget(
  target: Target,
  ledger: Pick<Ledger, 'findTarget'> | undefined,
): Promise<StoredTarget> {
  try {
    return { record: await ledger?.findTarget(target.id) };
  } catch (thrown) {
    return { error: asExportError(thrown) };
  }
}
