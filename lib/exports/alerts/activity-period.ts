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
 * is the other one; with none at all both are the event's own time. Nothing was seen later than it was told: of a machine
 * with a fast clock the time of the event is taken instead, which is the same when the event comes again. Undefined where
 * no time at all can be right.
 */
export function activityPeriod(
  { first, last }: Sightings,
  { time, arrivedAt }: EventTimes,
): Pick<Alert, 'firstSeen' | 'lastSeen'> | undefined {
  const exact = (times: Sightings['first']) => times.find((one) => canBeRight(one, arrivedAt));
  const [from, to, sent] = [exact(first), exact(last), exact([time])];
  const start = from ?? to ?? sent;
  const end = to ?? from ?? sent;
  if (!start || !end) return undefined;
  const latest = latestOf(time, arrivedAt);
  // An event that somebody wrapped by hand may bear an old time.
  const told = sent && isAfter(sent, arrivedAt.subtract(A_DAY)) ? sent : arrivedAt;
  const bounded = (sight: Instant) => (isAfter(sight, latest) ? told : sight);
  const [a, b] = [bounded(start), bounded(end)];
  return { firstSeen: earlier(a, b), lastSeen: later(a, b) };
}

/** Until when something may have been seen that an event tells: the clock here may be behind that of who sent it. */
export function latestOf(time: Instant, arrivedAt: Instant): Instant {
  return canBeRight(time, arrivedAt) ? later(time, arrivedAt) : arrivedAt;
}

/** None of what is told here is older: not AWS, and not Workspace. */
export const EARLIEST = Temporal.Instant.from('2000-01-01T00:00:00Z');

const A_DAY = { hours: 24 };
const A_YEAR = { hours: 366 * 24 };

/**
 * Whether a time is one that somebody meant. Programs write `0001-01-01`, `1970-01-01` or `9999-12-31` for a time that
 * they do not have, and years far off for one that they give in another unit.
 */
export function canBeRight(time: Instant | null | undefined, arrivedAt: Instant): time is Instant {
  return time != null && !isBefore(time, EARLIEST) && !isAfter(time, arrivedAt.add(A_YEAR));
}
