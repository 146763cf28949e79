import { Temporal } from 'temporal-polyfill';
import type { Alert } from '../../domain/alert.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../domain/instant.ts';

/** What a finding says of when: each side, and the same again, less exactly; machines leave out either as null. */
type Sightings = {
  first: readonly (Instant | null | undefined)[];
  last: readonly (Instant | null | undefined)[];
};

/** When the event with the finding was sent, by its own words, and when it came here. */
type EventTimes = { time: Instant; arrivedAt: Instant };

/**
 * The first and the last sight, in order: of each side the first time that is there and can be right. A side with none
 * is the other one; with none at all both are the event's own time. Nothing was seen later than it was told, so a time
 * ahead, of a machine with a fast clock, is taken for the arrival. Undefined where no time at all can be right.
 */
export function seenBetween(
  { first, last }: Sightings,
  { time, arrivedAt }: EventTimes,
): Pick<Alert, 'firstSeen' | 'lastSeen'> | undefined {
  const exact = (times: Sightings['first']) => times.find((one) => canBeRight(one, arrivedAt));
  const [from, to, sent] = [exact(first), exact(last), exact([time])];
  const start = from ?? to ?? sent;
  const end = to ?? from ?? sent;
  if (!start || !end) return undefined;
  const [a, b] = [earlier(start, arrivedAt), earlier(end, arrivedAt)];
  return { firstSeen: earlier(a, b), lastSeen: later(a, b) };
}

/** None of what is told here is older: not AWS, and not Workspace. */
export const EARLIEST = Temporal.Instant.from('2000-01-01T00:00:00Z');

const A_YEAR = { hours: 366 * 24 };

/**
 * Whether a time is one that somebody meant. Programs write `0001-01-01`, `1970-01-01` or `9999-12-31` for a time that
 * they do not have, and years far off for one that they give in another unit.
 */
export function canBeRight(time: Instant | null | undefined, arrivedAt: Instant): time is Instant {
  return time != null && !isBefore(time, EARLIEST) && !isAfter(time, arrivedAt.add(A_YEAR));
}
