import { TASK_FAILED } from '../../domain/errors.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import type { WindowEntry } from '../../domain/window-record.ts';

/** What a run may do with a window, going by what the ledger says of it. */
export type Standing =
  | { may: 'submit' }
  | { may: 'announce' }
  | { may: 'wait'; until: Instant }
  /** Nothing: every task that was allowed has failed. A person may still order it. */
  | { may: 'give up' }
  | { may: 'rest' };

/**
 * Reads a window's entry at a moment. A lease that runs belongs to another run; one that has ended belonged to a run
 * that died: before the task was known it is submitted again, after that only announced.
 */
export function standingOf(entry: WindowEntry, now: Instant, maxAttempts: number): Standing {
  switch (entry.state) {
    case 'failed':
      return { may: isUsedUp(entry, maxAttempts) ? 'give up' : 'submit' };
    case 'claimed':
      return held(entry, now) ?? { may: 'submit' };
    case 'submitted':
      return held(entry, now) ?? { may: 'announce' };
    case 'announced':
    case 'confirmed':
    case 'lost':
      return { may: 'rest' };
  }
}

function held({ leaseUntil }: WindowEntry, now: Instant): Standing | undefined {
  return leaseUntil && isAfter(leaseUntil, now) ? { may: 'wait', until: leaseUntil } : undefined;
}

// Only tasks that Huawei accepted count; a call that never got through is repeated as long as there is time.
function isUsedUp({ failureKind, attempt }: WindowEntry, maxAttempts: number): boolean {
  return failureKind === TASK_FAILED && attempt >= maxAttempts;
}
