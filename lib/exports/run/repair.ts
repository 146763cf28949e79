import { TooEarlyError } from '../../domain/exports/task-errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { entryOf, type WindowEntry } from '../../domain/ledger/window-row.ts';
import { isBefore } from '../../domain/time/instant.ts';
import type { RunScope } from '../coverage/init-coverage.ts';
import type { RowPorts } from '../coverage/target-row-store.ts';
import { assessFor, type TargetState } from '../coverage/target-state.ts';
import { asUnreadable } from '../window/find-row.ts';
import { nextActionOf } from '../window/next-action.ts';
import * as transitions from '../window/transitions.ts';

/**
 * Reports rows that cannot be read. Where the document of a row is readable and only its columns are damaged, the row is
 * rewritten. All others are gaps; so is a window with a message to publish, where the message cannot be read. Resolves to
 * the entries as they are now.
 */
export async function repairUnreadable(
  ports: RowPorts,
  entries: readonly WindowEntry[],
): Promise<WindowEntry[]> {
  const repaired: WindowEntry[] = [];
  for (const entry of entries) repaired.push(await repairedEntry(ports, entry));
  return repaired;
}

function repairedEntry(ports: RowPorts, entry: WindowEntry): WindowEntry | Promise<WindowEntry> {
  if (entry.state === 'unreadable') return rewritten(ports, entry);
  const isKept = nextActionOf(entry, ports.clock(), 1).may === 'publish';
  return isKept ? readOrGap(ports, entry) : entry;
}

// For a row of a newer release, publishing the message fails and reports that.
async function readOrGap({ ledger, observe }: RowPorts, entry: WindowEntry): Promise<WindowEntry> {
  const found = await ledger.find(entry).catch(() => undefined);
  if (found?.state !== 'unreadable') return entry;
  const unreadable = asUnreadable(entry, found);
  observe({ type: 'row_unreadable', targetId: entry.targetId, message: unreadable.damage });
  return unreadable;
}

async function rewritten({ ledger, clock, observe }: RowPorts, entry: WindowEntry): Promise<WindowEntry> {
  const { targetId, window, damage = '' } = entry;
  observe({ type: 'row_unreadable', targetId, message: damage });
  if (!isBefore(window.start, window.end)) return entry;
  // For a row that must not be overwritten, the export of the window fails and reports that.
  const row = await ledger.find(entry).catch(() => undefined);
  if (!row || row.state === 'unreadable') return entry;
  const next = transitions.rewritten(row, clock());
  return (await ledger.save(next)) ? entryOf(next) : entry;
}

/**
 * Turns windows into gaps again that were exported before their end, by a clock that was ahead. Resolves to the entries as
 * they are now.
 */
export async function repairPremature(
  ports: RowPorts,
  target: Target,
  { found, scope }: { found: Pick<TargetState, 'content' | 'entries'>; scope: RunScope },
): Promise<WindowEntry[]> {
  if (!scope.isVerified) return found.entries;
  const { premature } = assessFor(target, found, scope);
  const changed = new Map<WindowEntry, WindowEntry>();
  for (const entry of premature) changed.set(entry, await reopened(ports, entry));
  return found.entries.map((entry) => changed.get(entry) ?? entry);
}

async function reopened({ ledger, clock, observe }: RowPorts, entry: WindowEntry): Promise<WindowEntry> {
  const row = await ledger.find(entry);
  if (row?.state !== 'published' && row?.state !== 'confirmed') return entry;
  const { targetId, window, attempt, message } = row;
  const error = new TooEarlyError(
    'It was exported before it was over, because the clock of this machine was ahead; it is exported again when it is due.',
  );
  const next = transitions.failed(row, error, clock());
  if (!(await ledger.save(next))) return entry;
  observe({ type: 'task_failed', targetId, window, taskId: message.data.task_id, attempt, error });
  return entryOf(next);
}
