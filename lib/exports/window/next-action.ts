import { InfrastructureError } from '../../domain/errors.ts';
import { TASK_FAILED } from '../../domain/exports/task-errors.ts';
import type { UnreadableRow, WindowEntry, WindowRow } from '../../domain/ledger/window-row.ts';
import { type Instant, isAfter } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import type { RunPorts } from '../../run-ports.ts';
import { LEASE } from './transitions.ts';

/** What a run may do with a window, by the state in the ledger. */
export type NextAction =
  | { may: 'submit' }
  | { may: 'publish' }
  | { may: 'wait'; until: Instant }
  /** Nothing: all `max_attempts` tasks have failed. Only a backfill orders another. */
  | { may: 'exhausted' }
  | { may: 'rest' };

type Read = Pick<WindowEntry, 'window' | 'state' | 'attempt' | 'leaseUntil' | 'failureKind'>;

/**
 * What may be done with a window at a moment. A running lease belongs to another run. A lease that has ended belonged to a
 * run that died: if it died before the task was known, the window is submitted again; otherwise it is only published.
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

/** How far the vendor's time may differ between two runs: a slow answer makes one of them late. */
export const CLOCK_TOLERANCE = { minutes: 5 };

/** Whether a run whose clock was ahead recorded a window as lost that Huawei still has. */
export function isStillKept({ state, window }: Pick<WindowEntry, 'state' | 'window'>, now: Instant): boolean {
  return state === 'lost' && isAfter(window.end, oldestExportable(now).add(CLOCK_TOLERANCE));
}

/** The entry of a window whose document cannot be read, although the columns of the row can. */
export function asUnreadable(entry: WindowEntry, { damage }: UnreadableRow) {
  const { start, end } = entry.window;
  return { ...entry, state: 'unreadable' as const, damage: `${start}/${end}: ${damage}` };
}

// A lease that ends later than a whole lease from now was written by a wrong clock; waiting for its end might take years.
function leased({ leaseUntil }: Read, now: Instant): NextAction | undefined {
  const isRunning =
    leaseUntil && isAfter(leaseUntil, now) && !isAfter(leaseUntil, now.add(LEASE).add(CLOCK_TOLERANCE));
  return isRunning ? { may: 'wait', until: leaseUntil } : undefined;
}

// Only tasks that Huawei accepted count. A call that was not accepted is repeated as long as there is time.
function isUsedUp({ failureKind, attempt }: Read, maxAttempts: number): boolean {
  return failureKind === TASK_FAILED && attempt >= maxAttempts;
}

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
