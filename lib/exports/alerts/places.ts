import type { AlertOrder } from '../../domain/alert-book.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import { filtersDigest } from '../../domain/window-record.ts';

/** The span that places are counted in. */
export const HOUR = { hours: 1 };

/** The places of the last hour: those that count for the cap. */
export function recentPlaces(places: readonly Instant[], now: Instant): Instant[] {
  return places.filter((at) => isAfter(at, now.subtract(HOUR)));
}

/** When the next place becomes free, if all are taken; undefined when one is. */
export function nextPlace(places: readonly Instant[], { maxAlertExports }: Target): Instant | undefined {
  return places
    .toSorted((a, b) => a.epochMilliseconds - b.epochMilliseconds)
    .at(-maxAlertExports)
    ?.add(HOUR);
}

/**
 * How many exports may still take a place. A third of the hour's is kept for exports without an alert's filters, so
 * that a storm of different addresses still gets its records within minutes, and not when the hour is over.
 */
export function freePlaces(
  places: readonly Instant[],
  order: Pick<AlertOrder, 'filters'>,
  target: Target,
): number {
  const most = target.maxAlertExports;
  const kept = isUnfiltered(order, target) ? 0 : Math.floor(most / 3);
  return Math.max(0, most - kept - places.length);
}

/** Whether an order asks for all that the target ever exports. */
export function isUnfiltered({ filters }: Pick<AlertOrder, 'filters'>, target: Target): boolean {
  return filtersDigest(filters) === filtersDigest(target.filters);
}
