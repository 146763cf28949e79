import type { AlertOrder } from '../../domain/alert-book.ts';
import { type Instant, isAfter, isBefore, later } from '../../domain/instant.ts';
import { oldestExportable } from '../../domain/retention.ts';
import type { Target } from '../../domain/target.ts';
import { withOrder } from './gathering.ts';
import { freePlaces, isUnfiltered } from './places.ts';

/** What stands in a book between two moments. */
export type Orders = { orders: readonly AlertOrder[]; places: readonly Instant[] };

type Issued = Orders & {
  /** How many orders had no place of their own and wait in one without their filters. */
  folded: number;
};

/**
 * Gives places to what is due, oldest first: from then on an order's window is fixed. Orders for which there is no
 * place are folded into one without their filters, which takes the next place, now or when one becomes free.
 */
export function issueDue(
  { orders, places }: Orders,
  { target, now }: { target: Target; now: Instant },
): Issued {
  const isWaiting = (order: AlertOrder) => !order.issuedAt && !isAfter(order.dueAt, now);
  const first = takePlaces({ orders, places }, isWaiting, { target, now });
  const [waiting, others] = divided(
    first.orders,
    (order) => isWaiting(order) && !isUnfiltered(order, target),
  );
  const folded = waiting.reduce<AlertOrder[]>(
    (all, order) => withOrder(all, { ...order, filters: target.filters }, now),
    [...others],
  );
  const second = takePlaces({ orders: folded, places: first.places }, isWaiting, { target, now });
  return { ...second, folded: waiting.length };
}

function takePlaces(
  { orders, places }: Orders,
  isWaiting: (order: AlertOrder) => boolean,
  { target, now }: { target: Target; now: Instant },
): Orders {
  let taken = places;
  const oldestFirst = orders.filter(isWaiting).toSorted(byDue);
  const issued = new Map<AlertOrder, AlertOrder>();
  for (const order of oldestFirst) {
    if (freePlaces(taken, order, target) === 0) continue;
    issued.set(order, { ...order, window: exportable(order, now), issuedAt: now });
    taken = [...taken, now];
  }
  return { orders: orders.map((order) => issued.get(order) ?? order), places: taken };
}

// What has crossed the retention edge while it waited is recorded as lost elsewhere.
function exportable({ window: { start, end } }: AlertOrder, now: Instant) {
  return { start: later(start, oldestExportable(now)), end };
}

function byDue(one: AlertOrder, other: AlertOrder): number {
  if (isBefore(one.dueAt, other.dueAt)) return -1;
  return isAfter(one.dueAt, other.dueAt) ? 1 : 0;
}

function divided(orders: readonly AlertOrder[], belongs: (order: AlertOrder) => boolean) {
  return [orders.filter(belongs), orders.filter((order) => !belongs(order))] as const;
}
