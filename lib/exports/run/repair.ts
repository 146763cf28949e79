import { TooEarlyError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { entryOf, type WindowEntry } from '../../domain/ledger/window-row.ts';
import { isBefore } from '../../domain/time/instant.ts';
import type { RunPorts } from '../../run-ports.ts';
import type { Opening } from '../coverage/opening.ts';
import { assessFor, type Found } from '../coverage/state.ts';
import { asUnreadable, nextActionOf } from '../window/next-action.ts';
import * as transitions from '../window/transitions.ts';

/**
 * Tells of rows that cannot be read, and writes those anew whose row can be although what stands beside it cannot. The
 * others are gaps, and so is a window whose kept message nobody could send, because its row cannot be read. Resolves
 * to the entries as they are now.
 */
export async function repairUnreadable(
  ports: RunPorts,
  entries: readonly WindowEntry[],
): Promise<WindowEntry[]> {
  const repaired: WindowEntry[] = [];
  for (const entry of entries) repaired.push(await repairedEntry(ports, entry));
  return repaired;
}

function repairedEntry(ports: RunPorts, entry: WindowEntry): WindowEntry | Promise<WindowEntry> {
  if (entry.state === 'unreadable') return rewritten(ports, entry);
  const isKept = nextActionOf(entry, ports.clock(), 1).may === 'publish';
  return isKept ? readOrGap(ports, entry) : entry;
}

// One that a newer release wrote makes the sending of its message fail, and that is told there.
async function readOrGap({ ledger, observe }: RunPorts, entry: WindowEntry): Promise<WindowEntry> {
  const found = await ledger.find(entry).catch(() => undefined);
  if (found?.state !== 'unreadable') return entry;
  const unreadable = asUnreadable(entry, found);
  observe({ type: 'row_unreadable', targetId: entry.targetId, message: unreadable.damage });
  return unreadable;
}

async function rewritten({ ledger, clock, observe }: RunPorts, entry: WindowEntry): Promise<WindowEntry> {
  const { targetId, window, damage = '' } = entry;
  observe({ type: 'row_unreadable', targetId, message: damage });
  if (!isBefore(window.start, window.end)) return entry;
  // A row that may not be written over makes the export of its window fail, and that is told there.
  const row = await ledger.find(entry).catch(() => undefined);
  if (!row || row.state === 'unreadable') return entry;
  const next = transitions.rewritten(row, clock());
  return (await ledger.save(next)) ? entryOf(next) : entry;
}

/**
 * Makes windows gaps again that were exported before they were over, by a clock that was ahead. Resolves to the entries
 * as they are now.
 */
export async function repairPremature(
  ports: RunPorts,
  target: Target,
  { found, asked }: { found: Pick<Found, 'content' | 'entries'>; asked: Opening },
): Promise<WindowEntry[]> {
  if (!asked.isVerified) return found.entries;
  const { premature } = assessFor(target, found, asked);
  const changed = new Map<WindowEntry, WindowEntry>();
  for (const entry of premature) changed.set(entry, await reopened(ports, entry));
  return found.entries.map((entry) => changed.get(entry) ?? entry);
}

async function reopened({ ledger, clock, observe }: RunPorts, entry: WindowEntry): Promise<WindowEntry> {
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
