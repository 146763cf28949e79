import { Temporal } from 'temporal-polyfill';
import type { AlertOrder } from '../../domain/alert-book.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import type { ServedAlerts } from '../../domain/task-submitted.ts';
import { filtersDigest } from '../../domain/window-record.ts';

/** How long alerts about the same are gathered before they cost another export, and a follow-up is put off for them. */
export const GATHERING = Temporal.Duration.from({ minutes: 15 });

// Farther apart, one export of both would ask for much that nobody wants.
const NEAR = Temporal.Duration.from({ hours: 24 });

/** How many ids of alerts an order keeps; a message may not grow with a storm. */
export const ALERT_IDS = 20;

/** The orders with one more, joined to one that asks for nearly the same at nearly the same time if there is one. */
export function withOrder(orders: readonly AlertOrder[], more: AlertOrder, now: Instant): AlertOrder[] {
  const mate = orders.find((order) => belongTogether(order, more, now));
  if (!mate) return [...orders, more];
  return orders.map((order) => (order === mate ? joined(mate, more) : order));
}

/** An order for everything that two orders ask for. */
export function joined(one: AlertOrder, other: AlertOrder): AlertOrder {
  return {
    window: hull(one.window, other.window),
    filters: one.filters,
    dueAt: later(one.dueAt, other.dueAt),
    putOffUntil: earlier(one.putOffUntil, other.putOffUntil),
    alerts: withAlerts(one.alerts, other.alerts.ids, other.alerts.more),
  };
}

/** Whether two spans are so near that one export may ask for both. */
export function areNear(one: Span, other: Span, gap: Temporal.Duration = NEAR): boolean {
  return !isAfter(one.start, other.end.add(gap)) && !isAfter(other.start, one.end.add(gap));
}

/** When the same may be exported again: at once, or when the last export of it is long enough ago. */
export function notBefore(orders: readonly AlertOrder[], like: Pick<AlertOrder, 'window' | 'filters'>) {
  const digest = filtersDigest(like.filters);
  const last = orders
    .filter(
      ({ filters, window }) => filtersDigest(filters) === digest && areNear(window, like.window, GATHERING),
    )
    .flatMap(({ issuedAt }) => issuedAt ?? [])
    .reduce<Instant | undefined>((newest, at) => (newest ? later(newest, at) : at), undefined);
  return last?.add(GATHERING);
}

export function withAlerts(
  { ids, more }: ServedAlerts,
  added: readonly string[],
  hasMore = false,
): ServedAlerts {
  const all = [...new Set([...ids, ...added])];
  return { ids: all.slice(0, ALERT_IDS), more: more || hasMore || all.length > ALERT_IDS };
}

// What is due is not put off again, and what waits for a place grows until it gets one.
function belongTogether(order: AlertOrder, more: AlertOrder, now: Instant): boolean {
  if (order.issuedAt || filtersDigest(order.filters) !== filtersDigest(more.filters)) return false;
  if (!areNear(order.window, more.window)) return false;
  if (!isAfter(more.dueAt, now)) return !isAfter(order.dueAt, now);
  return !isAfter(more.dueAt, order.putOffUntil) && !isAfter(order.dueAt, more.putOffUntil);
}

function hull(one: Span, other: Span): Span {
  return {
    start: isBefore(one.start, other.start) ? one.start : other.start,
    end: later(one.end, other.end),
  };
}
