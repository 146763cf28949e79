import type { Alert } from '../../domain/alert.ts';
import { earlier, type Instant, later } from '../../domain/instant.ts';

/** What a finding says of when: each side, and the same again, less exactly; machines leave out either as null. */
type Sightings = {
  first: readonly (Instant | null | undefined)[];
  last: readonly (Instant | null | undefined)[];
};

/**
 * The first and the last sight, in order: of each side the first time that is there. A side with none is the other one;
 * with none at all both are `otherwise`.
 */
export function seenBetween(
  { first, last }: Sightings,
  otherwise: Instant,
): Pick<Alert, 'firstSeen' | 'lastSeen'> {
  const from = first.find(isThere);
  const to = last.find(isThere);
  const start = from ?? to ?? otherwise;
  const end = to ?? from ?? otherwise;
  return { firstSeen: earlier(start, end), lastSeen: later(start, end) };
}

function isThere(time: Instant | null | undefined): time is Instant {
  return time !== null && time !== undefined;
}
