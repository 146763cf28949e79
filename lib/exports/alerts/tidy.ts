import type { AlertOrder } from '../../domain/alert-book.ts';
import { TASK_FAILED } from '../../domain/errors.ts';
import { earlier, type Instant, isAfter, isBefore } from '../../domain/instant.ts';
import { oldestExportable } from '../../domain/retention.ts';
import { sortableText } from '../../domain/sortable-instant.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import { alertSeries, filtersDigest, type Series, type WindowEntry } from '../../domain/window-record.ts';
import { type Standing, standingOf } from '../window/standing.ts';
import { GATHERING } from './gathering.ts';
import { HOUR } from './places.ts';

/** Of an order that Huawei can no longer fulfil whole: what it is too late for. */
export type Loss = { window: Span; order: AlertOrder };

/** A book without what is over, what was lost by that, and what is no longer followed though it is not over. */
export type Tidied = { orders: AlertOrder[]; losses: Loss[]; letGo: AlertOrder[] };

/** Looks up the row of an issued order. */
export type RowOf = (order: Pick<AlertOrder, 'window' | 'filters' | 'dueAt'>) => WindowEntry | undefined;

/** By what an order's row is found among the windows that the ledger lists. */
export function rowsOf(entries: readonly WindowEntry[]): RowOf {
  const rows = new Map(entries.map((entry) => [nameOf(entry, entry.filtersDigest, entry.series), entry]));
  return (order) => rows.get(nameOf(order, filtersDigest(order.filters), alertSeries(order.dueAt)));
}

/** What is to be done about an issued order, going by its row. */
export function standingOfOrder(order: AlertOrder, rowOf: RowOf, { now, target }: At): Standing {
  const row = rowOf(order);
  return row ? standingOf(row, now, target.maxAttempts) : { may: 'submit' };
}

/**
 * Drops orders that are over: confirmed, lost, failed for good, or announced and too old for another export. What is to
 * be exported again gives its place back, and what has come to the retention edge is cut there and ordered anew.
 */
export function tidy(orders: readonly AlertOrder[], rowOf: RowOf, at: At): Tidied {
  const current = orders.filter((order) => !isOver(order, rowOf, at));
  const letGo = new Set(oldestAnnounced(current, rowOf));
  const kept = current.filter((order) => !letGo.has(order));
  const edge = oldestExportable(at.now);
  const isLate = (order: AlertOrder) => isBefore(order.window.start, edge) && isToBeOrdered(order, rowOf, at);
  return {
    orders: kept
      .flatMap((order) => (isLate(order) ? cutAt(order, edge) : [order]))
      .map((order) => (hasNoPlace(order, rowOf, at) ? reopened(order) : order)),
    losses: kept
      .filter(isLate)
      .map((order) => ({ order, window: { ...order.window, end: earlier(edge, order.window.end) } })),
    letGo: [...letGo],
  };
}

type At = { now: Instant; target: Target };

function isOver(order: AlertOrder, rowOf: RowOf, { now, target }: At): boolean {
  // Until then it tells how long ago the same was exported.
  if (!order.issuedAt || isAfter(order.issuedAt.add(GATHERING), now)) return false;
  const row = rowOf(order);
  if (!row) return false;
  if (row.state === 'announced') return !isBefore(oldestExportable(now), row.window.end);
  if (['confirmed', 'lost'].includes(row.state)) return true;
  return standingOf(row, now, target.maxAttempts).may === 'give up';
}

// A book is one item of the ledger and must not grow for ever where Huawei's task list cannot be had.
const MOST_ANNOUNCED = 100;

function oldestAnnounced(orders: readonly AlertOrder[], rowOf: RowOf): AlertOrder[] {
  const announced = orders.filter((order) => order.issuedAt && rowOf(order)?.state === 'announced');
  return announced.slice(0, Math.max(0, announced.length - MOST_ANNOUNCED));
}

// A call that never got through keeps the place it took; a task that failed has used its own up.
function hasNoPlace(order: AlertOrder, rowOf: RowOf, at: At): boolean {
  if (!order.issuedAt || standingOfOrder(order, rowOf, at).may !== 'submit') return false;
  return rowOf(order)?.failureKind === TASK_FAILED || !isAfter(order.issuedAt, at.now.subtract(HOUR));
}

function isToBeOrdered(order: AlertOrder, rowOf: RowOf, at: At): boolean {
  return !order.issuedAt || standingOfOrder(order, rowOf, at).may === 'submit';
}

function cutAt(order: AlertOrder, edge: Instant): AlertOrder[] {
  const { end } = order.window;
  return isBefore(edge, end) ? [{ ...reopened(order), window: { start: edge, end } }] : [];
}

function reopened({ issuedAt: _, ...order }: AlertOrder): AlertOrder {
  return order;
}

function nameOf({ window: { start, end } }: { window: Span }, digest: string, series: Series): string {
  return [sortableText(start), sortableText(end), digest, series].join('/');
}
