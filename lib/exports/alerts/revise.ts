import type { AlertOrder } from '../../domain/alert-book.ts';
import { TASK_FAILED } from '../../domain/errors.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import { issueAgain, issueDue, type Orders } from './issue.ts';
import { recentPlaces } from './places.ts';
import { type AlertCall, type Situation, takeIn } from './take-in.ts';
import { type Loss, rowsOf, standingOfOrder, tidy } from './tidy.ts';

/** How a target's book goes on at a moment, and what is to be done now. */
export type Revision = Orders & {
  losses: readonly Loss[];
  /** How many alerts or orders had no place of their own, and were put together without their filters. */
  folded: number;
  /** To be submitted; each has its place. */
  submit: readonly AlertOrder[];
  /** Their task is known and its message is not on the queue, because a run died between. */
  announce: readonly WindowEntry[];
  /** Issued, and in the hands of another run. */
  waiting: readonly { order: AlertOrder; until: Instant }[];
  /** Their export failed, and there is no place for another in this hour. */
  crowded: readonly AlertOrder[];
};

/** Takes calls in, drops what is over, and gives out places. Depends on its arguments alone. */
export function revise(
  book: Orders,
  calls: readonly AlertCall[],
  { target, now, entries }: Omit<Situation, 'places'>,
): Revision {
  const rowOf = rowsOf(entries);
  const { orders: kept, losses } = tidy(book.orders, rowOf, { now, target });
  const places = recentPlaces(book.places, now);
  const taken = takeInAll(kept, calls, { target, now, entries, places });
  const { folded, ...issued } = issueDue({ orders: taken.orders, places }, { target, now });
  const standing = (order: AlertOrder) => standingOfOrder(order, rowOf, { now, target });
  const isOpen = (order: AlertOrder) => order.issuedAt !== undefined && standing(order).may === 'submit';
  const lacksPlace = (order: AlertOrder) => isOpen(order) && isPlaceGone(order, rowOf(order), now);
  const lacking = issued.orders.filter(lacksPlace);
  const again = lacking.reduce<Orders>(
    (state, order) => issueAgain(state, order, { target, now }) ?? state,
    issued,
  );
  return {
    ...again,
    losses,
    folded: folded + taken.folded,
    submit: again.orders.filter((order) => isOpen(order) && !lacking.includes(order)),
    announce: again.orders.flatMap((order) =>
      standing(order).may === 'announce' ? (rowOf(order) ?? []) : [],
    ),
    waiting: again.orders.flatMap((order) => {
      const found = standing(order);
      return order.issuedAt && found.may === 'wait' ? [{ order, until: found.until }] : [];
    }),
    crowded: again.orders.filter((order) => lacking.includes(order)),
  };
}

function takeInAll(orders: readonly AlertOrder[], calls: readonly AlertCall[], situation: Situation) {
  let [all, folded] = [[...orders], 0];
  for (const call of calls) {
    const taken = takeIn(all, call, situation);
    all = taken.orders;
    folded += taken.isFolded ? 1 : 0;
  }
  return { orders: all, folded };
}

// A call that never got through keeps the place it took; a task that failed has used its own up.
function isPlaceGone({ issuedAt }: AlertOrder, row: WindowEntry | undefined, now: Instant): boolean {
  if (!issuedAt) return false;
  return row?.failureKind === TASK_FAILED || !isAfter(issuedAt, now.subtract({ hours: 1 }));
}
