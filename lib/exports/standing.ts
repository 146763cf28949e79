import { type Instant, isAfter } from '../domain/instant.ts';
import type { WindowRecord } from '../domain/window-record.ts';

type Submitted = Extract<WindowRecord, { state: 'submitted' }>;

/** What a run may do with a window, going by what the ledger says of it. */
export type Standing =
  | { may: 'submit' }
  | { may: 'announce'; record: Submitted }
  | { may: 'wait'; until: Instant }
  | { may: 'rest' };

/**
 * Reads a record at a moment. A lease that runs belongs to another run; one that has ended belonged to a run that
 * died: before the task was known it is submitted again, after that only announced.
 */
export function standingOf(record: WindowRecord | undefined, now: Instant): Standing {
  switch (record?.state) {
    case undefined:
    case 'failed':
      return { may: 'submit' };
    case 'claimed':
      return isAfter(record.leaseUntil, now) ? { may: 'wait', until: record.leaseUntil } : { may: 'submit' };
    case 'submitted':
      return isAfter(record.leaseUntil, now)
        ? { may: 'wait', until: record.leaseUntil }
        : { may: 'announce', record };
    case 'announced':
      return { may: 'rest' };
  }
}
