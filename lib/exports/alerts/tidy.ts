import type { AlertOrder } from '../../domain/alert-book.ts';
import { earlier, type Instant, isAfter, isBefore } from '../../domain/instant.ts';
import { oldestExportable } from '../../domain/retention.ts';
import { sortableText } from '../../domain/sortable-instant.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import { alertSeries, filtersDigest, type Series, type WindowEntry } from '../../domain/window-record.ts';
import { type Standing, standingOf } from '../window/standing.ts';
import { GATHERING } from './gathering.ts';

/** Of an order that Huawei can no longer fulfil whole: what it is too late for. */
export type Loss = { window: Span; order: AlertOrder };

/** A book without what is over, and what was lost by that. */
export type Tidied = { orders: AlertOrder[]; losses: Loss[] };

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
 * Drops orders that are over: confirmed, lost, failed for good, or announced and too old for another export. What still
 * is to be exported and has come to the retention edge is cut there, and ordered anew.
 */
export function tidy(orders: readonly AlertOrder[], rowOf: RowOf, at: At): Tidied {
  const kept = orders.filter((order) => !isOver(order, rowOf, at));
  const edge = oldestExportable(at.now);
  const isLate = (order: AlertOrder) => isBefore(order.window.start, edge) && isToBeOrdered(order, rowOf, at);
  return {
    orders: kept.flatMap((order) => (isLate(order) ? cutAt(order, edge) : [order])),
    losses: kept
      .filter(isLate)
      .map((order) => ({ order, window: { ...order.window, end: earlier(edge, order.window.end) } })),
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

function isToBeOrdered(order: AlertOrder, rowOf: RowOf, at: At): boolean {
  return !order.issuedAt || standingOfOrder(order, rowOf, at).may === 'submit';
}

function cutAt({ issuedAt: _, ...order }: AlertOrder, edge: Instant): AlertOrder[] {
  const { end } = order.window;
  return isBefore(edge, end) ? [{ ...order, window: { start: edge, end } }] : [];
}

function nameOf({ window: { start, end } }: { window: Span }, digest: string, series: Series): string {
  return [sortableText(start), sortableText(end), digest, series].join('/');
}
