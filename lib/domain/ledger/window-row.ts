import { createHash } from 'node:crypto';
import { InfrastructureError, NEVER_CONFIRMED } from '../errors.ts';
import type { Reason, ServedAlerts, TaskSubmitted, Trigger } from '../exports/message.ts';
import type { Filters } from '../input/filters.ts';
import type { Instant } from '../time/instant.ts';
import type { Span } from '../time/spans.ts';

/**
 * Which windows belong together: those of the calendar cover a target's time. Exports for alerts stand beside them and
 * never count as coverage; the same span may be exported for alerts again, so each is a series of its own, named by its
 * number (`alert/00000017`).
 */
export type Series = 'calendar' | `alert/${string}`;

/** Which export for alerts of its target it is, from 1 to `HIGHEST_NUMBER`, and when it was ordered. */
export type ExportOrder = { number: number; at: Instant };

/** Numbers have eight digits in the ledger, so that their names sort by them. */
export const HIGHEST_NUMBER = 99_999_999;

/** What names a window in the ledger. */
export type WindowKey = { targetId: string; window: Span; filtersDigest: string; series: Series };

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
 * to publish the stored message again, `claimed` to submit again. A failed window is free at once.
 */
export type WindowState =
  | { state: 'claimed'; leaseUntil: Instant }
  | { state: 'submitted'; leaseUntil: Instant; message: TaskSubmitted; failure?: Failure | undefined }
  /** `failure` of the kind `never_confirmed`: its 30 days are over, nobody ever said how the task ended, and that was told. */
  | { state: 'published'; message: TaskSubmitted; publishedAt: Instant; failure?: Failure | undefined }
  /** Huawei's task list says that the task ended in SUCCESS, or was fetched before it expired. */
  | { state: 'confirmed'; message: TaskSubmitted; publishedAt: Instant; confirmedAt: Instant }
  | { state: 'failed'; failure: Failure }
  /** Not exported before Huawei's 30 days were over; `failure` is why, where an export was tried. */
  | { state: 'lost'; lostAt: Instant; failure?: Failure | undefined };

/**
 * One window's row in the ledger. `version` counts its writes and is the fencing token: a write is accepted only on
 * top of the version it was made from. `writeId` names the write, so that one repeated by the network is recognised.
 */
export type WindowRow = WindowState & {
  targetId: string;
  window: Span;
  filters: Filters;
  reason: Reason;
  trigger: Trigger;
  /** Of a window of the alert series: for which alerts it was ordered. */
  alerts?: ServedAlerts;
  /** Of an export for alerts. Its row is named by the number, so of two orders with one number only the first is saved. */
  order?: ExportOrder;
  /** Counts the export tasks ordered for this window, from 1; it grows when Huawei accepted one and it then failed. */
  attempt: number;
  /** It was ordered by our own clock, because nobody said what time it is at Huawei; its task's creation has yet to be checked. */
  isUnverified?: boolean;
  /** How many tasks may exist of which no run ever learnt the id: a run died, or was stopped, in the call. */
  orphans: number;
  version: number;
  writeId: string;
  updatedAt: Instant;
};

/** A row that is there and that nobody can read any more. It covers nothing, and is written over when its window is ordered again. */
export type UnreadableRow = {
  state: 'unreadable';
  version: number;
  /** Of the row, as far as that could be read; another export of the window must count on. */
  attempt: number;
  /** What is wrong with it. */
  damage: string;
};

/** What a ledger tells of many windows at once: enough to see what is covered and what is to be done. */
export type WindowEntry = WindowKey &
  Pick<WindowRow, 'reason' | 'attempt' | 'orphans'> & {
    state: WindowRow['state'] | 'unreadable';
    /** Of a row that is unreadable: what is wrong with it. Where not even its window can be read, that has no length. */
    damage?: string;
    /** Of a window that is `claimed` or `submitted`. */
    leaseUntil?: Instant;
    /** Of a window that has a task: `submitted`, `published` or `confirmed`. */
    taskId?: string;
    /** The kind of its last failure, where the row keeps one, and when that was. */
    failureKind?: string;
    failedAt?: Instant;
    /** Of an export for alerts: when it was ordered. */
    orderedAt?: Instant;
    /** Of a window that is `published` or `confirmed`: since when its message is on the queue. */
    publishedAt?: Instant;
  };

/**
 * Whether a later run must still look at the window. One is done with that is confirmed or lost, or was told as never
 * confirmed; so is an export for alerts that failed, because its number is tried once.
 */
export function isOpen(row: WindowRow): boolean {
  switch (row.state) {
    case 'confirmed':
    case 'lost':
      return false;
    case 'published':
      return row.failure?.kind !== NEVER_CONFIRMED;
    case 'failed':
      return row.order === undefined;
    case 'claimed':
    case 'submitted':
      return true;
  }
}

/** A row as a listing shows it. */
export function entryOf(row: WindowRow): WindowEntry {
  const { state, reason, attempt, orphans } = row;
  const failure = 'failure' in row ? row.failure : undefined;
  return {
    ...keyOf(row),
    ...{ state, reason, attempt, orphans },
    ...('leaseUntil' in row ? { leaseUntil: row.leaseUntil } : {}),
    ...('message' in row ? { taskId: row.message.data.task_id } : {}),
    ...(failure ? { failureKind: failure.kind, failedAt: failure.at } : {}),
    ...(row.order ? { orderedAt: row.order.at } : {}),
    ...('publishedAt' in row ? { publishedAt: row.publishedAt } : {}),
  };
}

export function keyOf(row: WindowRow): WindowKey {
  const { targetId, window, filters } = row;
  return { targetId, window, filtersDigest: filtersDigest(filters), series: seriesOf(row) };
}

export function seriesOf({ order }: Pick<WindowRow, 'order'>): Series {
  return order ? numberedSeries(order.number) : 'calendar';
}

/** The series of the n-th export for alerts. Throws an `InfrastructureError` for a number that has no name. */
export function numberedSeries(number: number): Series {
  if (Number.isInteger(number) && number >= 1 && number <= HIGHEST_NUMBER)
    return `alert/${String(number).padStart(8, '0')}`;
  throw new InfrastructureError(
    `No export for alerts can have the number ${number}: a target's are counted from 1 to ${HIGHEST_NUMBER}.`,
  );
}

/** Whether it was ordered for alerts, and counts for no night. */
export function isOfAlerts({ series }: Pick<WindowKey, 'series'>): boolean {
  return series !== 'calendar';
}

/** The number in the name of a series; undefined for one that has none. */
export function numberOf(series: string): number | undefined {
  const digits = NUMBERED.exec(series)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const NUMBERED = /^alert\/(?!0{8})(\d{8})$/;

/** A short name for a set of filters; the order in which they were written does not matter. */
export function filtersDigest(filters: Filters): string {
  return createHash('sha256')
    .update(JSON.stringify(sortedFilters(filters)))
    .digest('hex')
    .slice(0, 16);
}

/** Filters in the order of their names, which is the same however they were written. */
export function sortedFilters(filters: Filters): [name: string, value: string][] {
  return Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1));
}
