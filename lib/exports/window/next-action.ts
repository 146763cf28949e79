import { InfrastructureError, TASK_FAILED } from '../../domain/errors.ts';
import type { UnreadableRow, WindowEntry, WindowRow } from '../../domain/ledger/window-row.ts';
import { type Instant, isAfter } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import type { RunPorts } from '../../run-ports.ts';
import { LEASE } from './transitions.ts';

/** What a run may do with a window, going by what the ledger says of it. */
export type NextAction =
  | { may: 'submit' }
  | { may: 'publish' }
  | { may: 'wait'; until: Instant }
  /** Nothing: every task that was allowed has failed. A person may still order it. */
  | { may: 'exhausted' }
  | { may: 'rest' };

type Read = Pick<WindowEntry, 'window' | 'state' | 'attempt' | 'leaseUntil' | 'failureKind'>;

/**
 * Reads a window's entry at a moment. A lease that runs belongs to another run; one that has ended belonged to a run
 * that died: before the task was known it is submitted again, after that only published.
 */
export function nextActionOf(entry: Read, now: Instant, maxAttempts: number): NextAction {
  switch (entry.state) {
    case 'unreadable':
      return { may: 'submit' };
    case 'failed':
      return { may: isUsedUp(entry, maxAttempts) ? 'exhausted' : 'submit' };
    case 'claimed':
      return leased(entry, now) ?? { may: 'submit' };
    case 'submitted':
      return leased(entry, now) ?? { may: 'publish' };
    case 'published':
    case 'confirmed':
      return { may: 'rest' };
    case 'lost':
      return { may: isStillKept(entry, now) ? 'submit' : 'rest' };
  }
}

/** Two runs may have learnt the vendor's time some seconds apart, and a slow answer makes one of them late. */
export const CLOCK_TOLERANCE = { minutes: 5 };

/** A run whose clock was ahead recorded it as lost, and Huawei still has it. */
export function isStillKept({ state, window }: Pick<WindowEntry, 'state' | 'window'>, now: Instant): boolean {
  return state === 'lost' && isAfter(window.end, oldestExportable(now).add(CLOCK_TOLERANCE));
}

/** The entry of a window whose row turned out not to be readable, although what stands beside it is. */
export function asUnreadable(entry: WindowEntry, { damage }: UnreadableRow) {
  const { start, end } = entry.window;
  return { ...entry, state: 'unreadable' as const, damage: `${start}/${end}: ${damage}` };
}

// No lease of a right clock ends later than its length from now; to wait for another might take years.
function leased({ leaseUntil }: Read, now: Instant): NextAction | undefined {
  const isRunning =
    leaseUntil && isAfter(leaseUntil, now) && !isAfter(leaseUntil, now.add(LEASE).add(CLOCK_TOLERANCE));
  return isRunning ? { may: 'wait', until: leaseUntil } : undefined;
}

// Only tasks that Huawei accepted count; a call that never got through is repeated as long as there is time.
function isUsedUp({ failureKind, attempt }: Read, maxAttempts: number): boolean {
  return failureKind === TASK_FAILED && attempt >= maxAttempts;
}

/**
 * The row of a window that a listing shows. One that cannot be read is told; also one that a newer release wrote, which
 * must not be written over, and so is of version 0 here. It stops no other window.
 */
export async function findOrTell(
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
