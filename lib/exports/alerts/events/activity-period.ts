import { Temporal } from 'temporal-polyfill';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../../domain/time/instant.ts';

/**
 * The times of a finding: for each side the exact time first, then less exact ones; absent times are null or undefined.
 */
type Sightings = {
  first: readonly (Instant | null | undefined)[];
  last: readonly (Instant | null | undefined)[];
};

/** When the event with the finding was sent, as the event says, and when it arrived here. */
type EventTimes = { time: Instant; arrivedAt: Instant };

/**
 * When the activity of a finding was first and last seen: for each side the first time that is plausible. A side without
 * one takes the other side's; without any, both are the event's time. No activity was seen after the event was sent: a
 * later time comes from a machine with a fast clock, and the event's time is taken instead, which is the same when the
 * event is sent again. Undefined where no time is plausible.
 */
export function activityPeriod(
  { first, last }: Sightings,
  { time, arrivedAt }: EventTimes,
): Pick<Alert, 'firstSeen' | 'lastSeen'> | undefined {
  const exact = (times: Sightings['first']) => times.find((one) => isPlausible(one, arrivedAt));
  const [from, to, sent] = [exact(first), exact(last), exact([time])];
  const start = from ?? to ?? sent;
  const end = to ?? from ?? sent;
  if (!start || !end) return undefined;
  const latest = latestOf(time, arrivedAt);
  // An event that somebody wrote by hand may have an old time.
  const sentAt = sent && isAfter(sent, arrivedAt.subtract(A_DAY)) ? sent : arrivedAt;
  const bounded = (sight: Instant) => (isAfter(sight, latest) ? sentAt : sight);
  const [a, b] = [bounded(start), bounded(end)];
  return { firstSeen: earlier(a, b), lastSeen: later(a, b) };
}

/** The latest time at which the activity of an event can have been seen. Our clock may be behind the sender's. */
export function latestOf(time: Instant, arrivedAt: Instant): Instant {
  return isPlausible(time, arrivedAt) ? later(time, arrivedAt) : arrivedAt;
}

/** No activity is older: neither AWS nor Workspace is. */
export const EARLIEST = Temporal.Instant.from('2000-01-01T00:00:00Z');

const A_DAY = { hours: 24 };
const A_YEAR = { hours: 366 * 24 };

/**
 * Whether somebody can have meant a time. Programs write `0001-01-01`, `1970-01-01` or `9999-12-31` for a time that they
 * do not have, and years far away for a time in another unit.
 */
function isPlausible(time: Instant | null | undefined, arrivedAt: Instant): time is Instant {
  return time != null && !isBefore(time, EARLIEST) && !isAfter(time, arrivedAt.add(A_YEAR));
}
