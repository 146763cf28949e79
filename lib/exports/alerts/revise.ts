import type { AlertOrder } from '../../domain/alert-book.ts';
import type { Instant } from '../../domain/instant.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import { drawnTogether } from './draw-together.ts';
import { issueDue, type Orders } from './issue.ts';
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
  /** Their task is announced, and nobody will ask what became of it. */
  letGo: readonly AlertOrder[];
};

/** Takes calls in, drops what is over, and gives out places. Depends on its arguments alone. */
export function revise(
  book: Orders,
  calls: readonly AlertCall[],
  { target, now, entries }: Omit<Situation, 'places'>,
): Revision {
  const rowOf = rowsOf(entries);
  const { orders: kept, ...gone } = tidy(book.orders, rowOf, { now, target });
  const places = recentPlaces(book.places, now);
  const taken = takeInAll(kept, calls, { target, now, entries, places });
  const issued = issueDue({ orders: taken.orders, places }, { target, now });
  const { orders, folded } = drawnTogether(issued.orders, { target, now });
  const standings = orders
    .filter(({ issuedAt }) => issuedAt)
    .map((order) => ({ order, standing: standingOfOrder(order, rowOf, { now, target }) }));
  return {
    ...gone,
    orders,
    places: issued.places,
    folded: taken.folded + issued.folded + folded,
    submit: standings.flatMap(({ order, standing }) => (standing.may === 'submit' ? [order] : [])),
    announce: standings.flatMap(({ order, standing }) =>
      standing.may === 'announce' ? (rowOf(order) ?? []) : [],
    ),
    waiting: standings.flatMap(({ order, standing }) =>
      standing.may === 'wait' ? [{ order, until: standing.until }] : [],
    ),
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
