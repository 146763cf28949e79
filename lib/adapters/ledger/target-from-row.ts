import { DamagedRowError } from '../../domain/errors.ts';
import { targetFromJson } from '../../domain/ledger/stored-target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { isOfNewerRelease, unreadable } from './row-message.ts';
import type { StoredRow } from './rows.ts';

/**
 * The record of a target. Throws a `DamagedRowError` for one that can be made anew, because all that it says follows from
 * the target's windows; an `InfrastructureError` for one that must not be written over.
 */
export function targetFromRow(action: string, { record, version }: StoredRow): TargetRow {
  try {
    return targetFromJson(record);
  } catch (cause) {
    const error = unreadable(action, cause);
    if (typeof version !== 'number' || isOfNewerRelease(record)) throw error;
    throw new DamagedRowError(error.message, { version, cause });
  }
}
