import { createHash } from 'node:crypto';
import { InfrastructureError } from '../errors.ts';
import type { Reason, ServedAlerts, TaskSubmitted, Trigger } from '../exports/message.ts';
import { NEVER_CONFIRMED } from '../exports/task-errors.ts';
import type { Filters } from '../input/filters.ts';
import type { Instant } from '../time/instant.ts';
import type { Span } from '../time/spans.ts';

/**
 * Which windows belong together. The windows of `calendar` are the scheduled ones and cover a target's time. Exports for alerts
 * never count as coverage. The same span may be exported for alerts again, so each export is a series of its own, named by
 * its number (`alert/00000017`).
 */
export type Series = 'calendar' | `alert/${string}`;

/** The number of an export for alerts, from 1 to `HIGHEST_NUMBER` within its target, and when it was ordered. */
export type AlertExport = { number: number; orderedAt: Instant };

/** Numbers have eight digits in the ledger, so that their names sort by them. */
export const HIGHEST_NUMBER = 99_999_999;

/** The key of a window in the ledger. */
export type WindowKey = { targetId: string; window: Span; filtersDigest: string; series: Series };

/** Why an export failed: the error's kind and message, and what Huawei said. */
export type Failure = {
  kind: string;
  message: string;
  at: Instant;
  vendorCode?: string | undefined;
  requestId?: string | undefined;
};

/**
 * The state of a window. While a lease runs, no other run writes the row. After the lease, a `submitted` window is taken over
 * to publish the stored message, and a `claimed` one to submit it again. A failed window is free at once.
 */
export type WindowState =
  | { state: 'claimed'; leaseUntil: Instant }
  | { state: 'submitted'; leaseUntil: Instant; message: TaskSubmitted; failure?: Failure | undefined }
  /** `failure`: of the kind `unconfirmed` or `never_confirmed`, once that was reported. */
  | { state: 'published'; message: TaskSubmitted; publishedAt: Instant; failure?: Failure | undefined }
  /** Huawei's task list shows that the task ended in SUCCESS, or that its file was fetched before it expired. */
  | { state: 'confirmed'; message: TaskSubmitted; publishedAt: Instant; confirmedAt: Instant }
  | { state: 'failed'; failure: Failure }
  /** Not exported before the 30 days were over; `failure`: of the last export that was tried. */
  | { state: 'lost'; lostAt: Instant; failure?: Failure | undefined };

/**
 * A window's row in the ledger. `version` counts the writes and is the fencing token: a write is accepted only on top of the
 * version that it was made from. `writeId` names the write, so that a repeated one is recognised.
 */
export type WindowRow = WindowState & {
  targetId: string;
  window: Span;
  filters: Filters;
  reason: Reason;
  trigger: Trigger;
  /** For an export for alerts: the alerts that it was ordered for. */
  alerts?: ServedAlerts;
  /**
   * For an export for alerts. The number is in the row's key, so of two orders with one number only the first is saved.
   */
  alertExport?: AlertExport;
  /** Counts the export tasks of this window, from 1; it grows after a task that Huawei accepted and that then failed. */
  attempt: number;
  /**
   * It was ordered by our own clock, because Huawei's time was not known: when the task was created is still to be
   * checked.
   */
  isUnverified?: boolean;
  /** How many tasks may exist whose ids are not known: a run died, or was stopped, during the call. */
  orphans: number;
  version: number;
  writeId: string;
  updatedAt: Instant;
};

/** A row that cannot be read. It covers nothing, and is overwritten when its window is ordered again. */
export type UnreadableRow = {
  state: 'unreadable';
  version: number;
  /** As far as it could be read; the next export of the window counts on from here. */
  attempt: number;
  /** What is wrong with it. */
  damage: string;
};

/** A window in a listing: enough to see what is covered and what is to be done. */
export type WindowEntry = WindowKey &
  Pick<WindowRow, 'reason' | 'attempt' | 'orphans'> & {
    state: WindowRow['state'] | 'unreadable';
    /** For an unreadable row: what is wrong with it. Where not even its window can be read, the window has no length. */
    damage?: string;
    /** For a window that is `claimed` or `submitted`. */
    leaseUntil?: Instant;
    /** For a window that has a task: `submitted`, `published` or `confirmed`. */
    taskId?: string;
    /** The kind of its last failure, where the row has one, and when that was. */
    failureKind?: string;
    failedAt?: Instant;
    /** For an export for alerts: when it was ordered. */
    orderedAt?: Instant;
    /** For a window that is `published` or `confirmed`: when its message was published. */
    publishedAt?: Instant;
  };

/**
 * Whether a later run must still see the window. A window is not open once it is confirmed, lost, or reported as never
 * confirmed. An export for alerts that failed is not open either, because its number is tried once.
 */
export function isOpen(row: WindowRow): boolean {
  switch (row.state) {
    case 'confirmed':
    case 'lost':
      return false;
    case 'published':
      return row.failure?.kind !== NEVER_CONFIRMED;
    case 'failed':
      return row.alertExport === undefined;
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
    ...(row.alertExport ? { orderedAt: row.alertExport.orderedAt } : {}),
    ...('publishedAt' in row ? { publishedAt: row.publishedAt } : {}),
  };
}

export function keyOf(row: WindowRow): WindowKey {
  const { targetId, window, filters } = row;
  return { targetId, window, filtersDigest: filtersDigest(filters), series: seriesOf(row) };
}

export function seriesOf({ alertExport }: Pick<WindowRow, 'alertExport'>): Series {
  return alertExport ? numberedSeries(alertExport.number) : 'calendar';
}

/** The series of the n-th export for alerts. Throws an `InfrastructureError` for a number that is out of range. */
export function numberedSeries(number: number): Series {
  if (Number.isInteger(number) && number >= 1 && number <= HIGHEST_NUMBER)
    return `alert/${String(number).padStart(8, '0')}`;
  throw new InfrastructureError(
    `No export for alerts can have the number ${number}: a target's are counted from 1 to ${HIGHEST_NUMBER}.`,
  );
}

/** Whether a window was ordered for alerts; it then counts for no coverage. */
export function isOfAlerts({ series }: Pick<WindowKey, 'series'>): boolean {
  return series !== 'calendar';
}

/** The number of a series of alerts; undefined for other series. */
export function numberOf(series: string): number | undefined {
  const digits = NUMBERED.exec(series)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const NUMBERED = /^alert\/(?!0{8})(\d{8})$/;

/** A short name for a set of filters; their order does not matter. */
export function filtersDigest(filters: Filters): string {
  return createHash('sha256')
    .update(JSON.stringify(sortedFilters(filters)))
    .digest('hex')
    .slice(0, 16);
}

/** Filters in the order of their names. */
export function sortedFilters(filters: Filters): [name: string, value: string][] {
  return Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1));
}
