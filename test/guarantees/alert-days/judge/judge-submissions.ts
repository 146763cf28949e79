import { formatIntervals, type Interval, minus } from '../../simulation/judge/intervals.ts';
import { HOUR, MINUTE, SECOND } from '../../simulation/story/durations.ts';
import type { World } from '../world.ts';
import { DELAY, has } from './exports.ts';
import type { Submission } from './submissions.ts';

/** Within any 60 minutes, not more submissions created a task than the cap at the time of the last one. */
export function capExceeded({ submissions, caps }: World): string[] {
  const made = ofAlerts(submissions).filter(({ taskIds }) => taskIds.length > 0);
  return made.flatMap(({ at }) => {
    const count = made.filter((other) => other.at > at - HOUR && other.at <= at).length;
    const cap = caps.findLast((one) => one.at <= at)?.cap ?? 0;
    return count > cap ? [`${count} exports in the hour before ${short(at)}, and the cap is ${cap}`] : [];
  });
}

/** The shortest time between two exports of the same window: by a sweep, and after a call that failed. */
const INTERVAL = 450 * SECOND;
const AFTER_FAILURE = MINUTE;

/** The same window is not submitted again within some minutes, so that repeated alerts are coalesced. */
export function exportedAgain({ submissions }: World): string[] {
  const all = ofAlerts(submissions);
  return all.flatMap((one, index) => {
    const before = all
      .slice(0, index)
      .find((other) => isSame(other, one) && one.at < other.at + pauseAfter(other));
    return before
      ? [`submitted at ${short(before.at)} and again at ${short(one.at)}: ${formatSubmission(one)}`]
      : [];
  });
}

/** In modes without failures, no window is submitted that earlier submissions cover. */
export function needless({ day, submissions, damaged }: World): string[] {
  if (!['calm', 'interleaved'].includes(day.mode) || damaged.length > 0) return [];
  return ofAlerts(submissions).flatMap((one) => {
    const before = submissions.filter(
      (other) => other.at <= one.at && other.number < one.number && has(other, one.address),
    );
    const covered = before.map((other) => coveredBy(other, one.at));
    return minus([one.window], covered).length === 0
      ? [`submitted at ${short(one.at)} without need: ${formatSubmission(one)}`]
      : [];
  });
}

// A submission at the same moment has all records of that moment.
function coveredBy({ at, window: [start, end] }: Submission, now: number): Interval {
  return [start, at === now ? end : Math.min(end, at - DELAY)];
}

function ofAlerts(submissions: readonly Submission[]): Submission[] {
  return submissions.filter(({ isOfAlerts }) => isOfAlerts);
}

function isSame(one: Submission, other: Submission): boolean {
  if (one.address !== other.address || isNextPart(one, other)) return false;
  const quarter = 15 * MINUTE;
  return one.window[0] <= other.window[1] + quarter && other.window[0] <= one.window[1] + quarter;
}

// A long window is split, and its parts are submitted one after the other.
function isNextPart(one: Submission, other: Submission): boolean {
  return one.at === other.at && one.window[1] === other.window[0];
}

// After a call that failed, Huawei has no task.
function pauseAfter({ failure }: Submission): number {
  const isSureToHaveNone = failure !== undefined && !['malformed_reply', 'interrupted'].includes(failure);
  return isSureToHaveNone ? AFTER_FAILURE : INTERVAL;
}

function formatSubmission({ window, address = 'all' }: Submission): string {
  return `${formatIntervals([window])} ${address}`;
}

function short(at: number): string {
  return new Date(at).toISOString().slice(5, 19);
}
