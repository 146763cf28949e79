import type { AlertOrder } from '../../domain/alert-book.ts';
import type { Filters } from '../../domain/filters.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import { before, intersection, without } from '../../domain/spans.ts';
import type { Target } from '../../domain/target.ts';
import { filtersDigest, type WindowEntry } from '../../domain/window-record.ts';
import { GATHERING, notBefore, withAlerts, withOrder } from './gathering.ts';
import { freePlaces, isUnfiltered } from './places.ts';

/** What one alert asks of one target: logins of a window, narrowed by filters (the target's own are among them). */
export type AlertCall = {
  alertId: string;
  /** When it came; never in the future. */
  arrivedAt: Instant;
  /** Without what Huawei no longer has. */
  window: Span;
  /** Until when the activity was seen; what comes after is exported when it is due. */
  seenUntil: Instant;
  filters: Filters;
};

/** How the target stands: what the ledger lists of it, and the places that its alert exports took in the last hour. */
export type Situation = {
  target: Target;
  now: Instant;
  entries: readonly WindowEntry[];
  places: readonly Instant[];
};

/**
 * The orders, with what a call still needs: at once what was seen and is in no task, and when it is due the rest, with
 * what was too new to be complete. A call for which there is no place is folded: it is ordered without its filters,
 * together with all others.
 */
export function takeIn(
  orders: readonly AlertOrder[],
  call: AlertCall,
  situation: Situation,
): { orders: AlertOrder[]; isFolded: boolean } {
  const next = addTo(orders, call, situation);
  const waiting = dueNow(next, situation);
  const isCrowded =
    waiting > dueNow(orders, situation) && waiting > freePlaces(situation.places, call, situation.target);
  if (!isCrowded) return { orders: next, isFolded: false };
  const folded = { ...call, filters: situation.target.filters };
  const isNarrow = !isUnfiltered(call, situation.target);
  return { orders: isNarrow ? addTo(orders, folded, situation) : next, isFolded: true };
}

/** The windows of tasks that cover what a call asks for, as far as they do. */
export function tasksFor(
  call: AlertCall,
  { entries, target }: Pick<Situation, 'entries' | 'target'>,
): WindowEntry[] {
  const covering = digestsCovering(call.filters, target);
  return entries.filter(
    (entry) =>
      covering.has(entry.filtersDigest) &&
      ['announced', 'confirmed'].includes(entry.state) &&
      intersection([entry.window], [call.window]).length > 0,
  );
}

function addTo(orders: readonly AlertOrder[], call: AlertCall, situation: Situation): AlertOrder[] {
  const { target } = situation;
  const { arrivedAt: now } = call;
  const covering = digestsCovering(call.filters, target);
  const isMine = ({ filters }: AlertOrder) => covering.has(filtersDigest(filters));
  const tasks = tasksFor(call, situation).map(({ window }) => window);
  const ordered = [
    ...tasks,
    ...orders.filter((order) => isMine(order) && order.issuedAt).map(({ window }) => window),
  ];
  const toCome = (all: readonly AlertOrder[]) => all.filter((order) => isMine(order) && !order.issuedAt);

  const soon = toCome(orders).filter(({ dueAt }) => !isAfter(dueAt, now.add(GATHERING)));
  const seen = before([call.window], earlier(now, call.seenUntil));
  const missing = without(seen, [...ordered, ...soon.map(({ window }) => window)]);
  const atOnce = missing.map((span) => upToNow(orders, span, { call, seen }));
  const added = atOnce.reduce((all, order) => withOrder(all, order, now), [...orders]);

  // What is asked for before it has settled may come late, so it does not count; a follow-up asks for it again.
  const settled = toCome(added).flatMap(({ window, dueAt }) =>
    before([window], dueAt.subtract(target.window.settle)),
  );
  const rest = without([call.window], [...ordered, ...settled]);
  const all = rest
    .map((span) => followUp(orders, span, { call, target }))
    .reduce((sum, order) => withOrder(sum, order, now), added);
  return all.map((order) => (isMine(order) && !order.issuedAt ? serving(order, call) : order));
}

function upToNow(
  orders: readonly AlertOrder[],
  { start, end }: Span,
  { call, seen }: { call: AlertCall; seen: readonly Span[] },
): AlertOrder {
  const { arrivedAt, filters } = call;
  const dueAt = later(arrivedAt, notBefore(orders, { window: { start, end }, filters }) ?? arrivedAt);
  const isNewest = seen.every((span) => !isBefore(end, span.end));
  const window = { start, end: isNewest ? earlier(call.window.end, dueAt) : end };
  // What was seen is not put off for what may come.
  return { ...orderFor(call, window, dueAt), putOffUntil: dueAt };
}

function followUp(
  orders: readonly AlertOrder[],
  window: Span,
  { call, target }: { call: AlertCall; target: Target },
): AlertOrder {
  const { arrivedAt, filters } = call;
  const settledAt = later(arrivedAt, window.end.add(target.window.settle));
  return orderFor(call, window, later(settledAt, notBefore(orders, { window, filters }) ?? arrivedAt));
}

function orderFor({ filters, alertId }: AlertCall, window: Span, dueAt: Instant): AlertOrder {
  const alerts = { ids: [alertId], more: false };
  return { window, filters, dueAt, putOffUntil: dueAt.add(GATHERING), alerts };
}

function serving(order: AlertOrder, { window, alertId }: AlertCall): AlertOrder {
  if (intersection([order.window], [window]).length === 0) return order;
  return { ...order, alerts: withAlerts(order.alerts, [alertId]) };
}

/** Of exports that have at least what one with these filters has: all records, all of the target's, or the very same. */
function digestsCovering(filters: Filters, target: Target): Set<string> {
  return new Set([{}, target.filters, filters].map(filtersDigest));
}

function dueNow(orders: readonly AlertOrder[], { now }: Situation): number {
  return orders.filter(({ issuedAt, dueAt }) => !issuedAt && !isAfter(dueAt, now)).length;
}
