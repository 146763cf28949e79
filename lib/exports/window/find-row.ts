import { InfrastructureError } from '../../domain/errors.ts';
import type { UnreadableRow, WindowEntry, WindowRow } from '../../domain/ledger/window-row.ts';
import type { RunPorts } from '../../run-ports.ts';

/**
 * The row of a listed window. A row that cannot be read is reported, and stops no other window. The row of a newer release
 * must not be overwritten, so it has version 0 here.
 */
export async function findOrReport(
  { ledger, observe }: Pick<RunPorts, 'ledger' | 'observe'>,
  entry: WindowEntry,
): Promise<WindowRow | UnreadableRow | undefined> {
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

/** The entry of a window whose document cannot be read, although the columns of the row can. */
export function asUnreadable(entry: WindowEntry, { damage }: UnreadableRow) {
  const { start, end } = entry.window;
  return { ...entry, state: 'unreadable' as const, damage: `${start}/${end}: ${damage}` };
}
