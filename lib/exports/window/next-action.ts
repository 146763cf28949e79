import { TASK_FAILED } from '../../domain/exports/task-errors.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { CLOCK_TOLERANCE } from '../../domain/time/clock-offset.ts';
import { type Instant, isAfter } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import { LEASE } from './transitions.ts';

/** What a run may do with a window, by the state in the ledger. */
export type NextAction =
  | { may: 'submit' }
  | { may: 'publish' }
  | { may: 'wait'; until: Instant }
  /** Nothing: all `max_attempts` tasks have failed. A higher `max_attempts`, or a backfill, orders another. */
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
      return { may: isWronglyLost(entry, now) ? 'submit' : 'rest' };
  }
}

/** Whether a run whose clock was ahead recorded a window as lost that Huawei still has. */
export function isWronglyLost(
  { state, window }: Pick<WindowEntry, 'state' | 'window'>,
  now: Instant,
): boolean {
  return state === 'lost' && isAfter(window.end, oldestExportable(now).add(CLOCK_TOLERANCE));
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
