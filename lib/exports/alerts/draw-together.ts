import type { AlertOrder } from '../../domain/alert-book.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import { joined, withOrder } from './gathering.ts';
import { isUnfiltered } from './places.ts';

/** How many exports may be to come. A book is one item of the ledger, and no storm may outgrow it. */
export const MOST_TO_COME = 60;

/**
 * Orders of which not too many are to come: where there are more, they are put together without the alerts' filters, and
 * if need be with others that are due near them. None is dropped, and none is due earlier.
 */
export function drawnTogether(
  orders: readonly AlertOrder[],
  { target, now }: { target: Target; now: Instant },
): { orders: AlertOrder[]; folded: number } {
  const isToCome = ({ issuedAt, dueAt }: AlertOrder) => !issuedAt && isAfter(dueAt, now);
  const toCome = orders.filter(isToCome);
  if (toCome.length <= MOST_TO_COME) return { orders: [...orders], folded: 0 };
  const narrow = toCome.filter((order) => !isUnfiltered(order, target));
  const widened = narrow.reduce<AlertOrder[]>(
    (all, order) => withOrder(all, { ...order, filters: target.filters }, now),
    toCome.filter((order) => isUnfiltered(order, target)),
  );
  const others = orders.filter((order) => !isToCome(order));
  return { orders: [...others, ...nearestJoined(widened)], folded: narrow.length };
}

function nearestJoined(orders: readonly AlertOrder[]): AlertOrder[] {
  const all = orders.toSorted((one, other) => one.dueAt.epochMilliseconds - other.dueAt.epochMilliseconds);
  while (all.length > MOST_TO_COME) {
    const gaps = all
      .slice(1)
      .map(({ dueAt }, index) => dueAt.since(all[index]?.dueAt ?? dueAt).total('seconds'));
    const index = gaps.indexOf(Math.min(...gaps));
    const [one, other] = all.slice(index, index + 2);
    if (one && other) all.splice(index, 2, joined(one, other));
  }
  return all;
}
