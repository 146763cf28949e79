import { InfrastructureError } from '../../domain/errors.ts';
import type { UnreadableRow, WindowEntry, WindowRecord } from '../../domain/window-record.ts';
import type { RunPorts } from '../run-ports.ts';
import { asUnreadable } from './next-action.ts';

/**
 * The record of a window that a listing shows. One that cannot be read is told; also one that a newer release wrote, which
 * must not be written over, and so is of version 0 here. It stops no other window.
 */
export async function findOrTell(
  { ledger, observe }: Pick<RunPorts, 'ledger' | 'observe'>,
  entry: WindowEntry,
): Promise<WindowRecord | UnreadableRow | undefined> {
  const found = await ledger.find(entry).catch((error: unknown): UnreadableRow => {
    if (!(error instanceof InfrastructureError)) throw error;
    return { state: 'unreadable', version: 0, attempt: entry.attempt, damage: error.message };
  });
  if (found?.state === 'unreadable')
    observe({
      type: 'row_unreadable',
      targetId: entry.targetId,
      message: asUnreadable(entry, found).damage,
    });
  return found;
}
