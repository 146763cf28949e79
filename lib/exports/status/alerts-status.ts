import type { AlertBook, AlertOrder } from '../../domain/alert-book.ts';
import type { Span } from '../../domain/span.ts';
import { union } from '../../domain/spans.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import type { LedgerReader } from '../../ports.ts';
import { type RowOf, rowsOf } from '../alerts/tidy.ts';
import { lastFailure, type WindowFailure } from './last-failure.ts';

/** How the exports for a target's alerts stand. */
export type AlertsStatus = {
  /** Ordered when they are due, or when there is a place for them in the hour; the first due comes first. */
  toCome: readonly AlertOrder[];
  /** Their task is announced; that it ended well is not known. */
  unconfirmed: number;
  /** They were to be exported by now, and have no task. The next sweep tries again. */
  failing: readonly AlertOrder[];
  lastFailure?: WindowFailure;
  /** What alerts asked for and Huawei no longer had, for good. */
  lost: Span[];
};

/** Undefined where no alert has asked for anything yet. */
export async function alertsStatus(
  ledger: LedgerReader,
  targetId: string,
  all: readonly WindowEntry[],
): Promise<AlertsStatus | undefined> {
  const book = await ledger.findAlertBook(targetId);
  const rows = all.filter(({ series }) => series !== 'calendar');
  if (!book && rows.length === 0) return undefined;
  const rowOf = rowsOf(rows);
  const failing = issued(book).filter((order) => !hasTask(order, rowOf));
  const failure = await lastFailure(
    ledger,
    failing.flatMap((order) => rowOf(order) ?? []),
  );
  return {
    toCome: toCome(book),
    unconfirmed: issued(book).filter((order) => rowOf(order)?.state === 'announced').length,
    failing,
    ...(failure ? { lastFailure: failure } : {}),
    lost: union(rows.filter(({ state }) => state === 'lost').map(({ window }) => window)),
  };
}

function issued(book: AlertBook | undefined): AlertOrder[] {
  return book?.orders.filter(({ issuedAt }) => issuedAt) ?? [];
}

function toCome(book: AlertBook | undefined): AlertOrder[] {
  const orders = book?.orders.filter(({ issuedAt }) => !issuedAt) ?? [];
  return orders.toSorted((one, other) => one.dueAt.epochMilliseconds - other.dueAt.epochMilliseconds);
}

function hasTask(order: AlertOrder, rowOf: RowOf): boolean {
  const state = rowOf(order)?.state;
  return state !== undefined && state !== 'failed' && state !== 'claimed';
}
