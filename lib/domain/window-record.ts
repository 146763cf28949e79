import { createHash } from 'node:crypto';
import type { Filters } from './filters.ts';
import type { Instant } from './instant.ts';
import type { Span } from './span.ts';
import type { Reason, TaskSubmitted, Trigger } from './task-submitted.ts';

/** What names a window in the ledger. */
export type WindowKey = { targetId: string; window: Span; filters: Filters };

/** Why an export failed, as it is kept: the error's kind and words, and what Huawei said. */
export type Failure = {
  kind: string;
  message: string;
  at: Instant;
  vendorCode?: string | undefined;
  requestId?: string | undefined;
};

/**
 * How far a window has come. While a lease runs, no other run touches it: `submitted` is taken over after the lease
 * to announce the stored message again, `claimed` to submit again. A failed window is free at once.
 */
export type WindowState =
  | { state: 'claimed'; leaseUntil: Instant }
  | { state: 'submitted'; leaseUntil: Instant; message: TaskSubmitted; failure?: Failure | undefined }
  | { state: 'announced'; message: TaskSubmitted; announcedAt: Instant }
  | { state: 'failed'; failure: Failure };

/**
 * One window's row in the ledger. `version` counts its writes and is the fencing token: a write is accepted only on
 * top of the version it was made from. `writeId` names the write, so that one repeated by the network is recognised.
 */
export type WindowRecord = WindowKey &
  WindowState & {
    reason: Reason;
    trigger: Trigger;
    /** Counts the export tasks ordered for this window, from 1. */
    attempt: number;
    version: number;
    writeId: string;
    updatedAt: Instant;
  };

/** A short name for a set of filters; the order in which they were written does not matter. */
export function filtersDigest(filters: Filters): string {
  const sorted = Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
