import { Temporal } from 'temporal-polyfill';
import type { Target } from '../../domain/input/target.ts';
import { type Instant, isAfter } from '../../domain/time/instant.ts';
import { nextRunAfter, parseSchedule, type Schedule } from '../../domain/time/schedule.ts';
import { newestDueWindow } from '../../domain/time/windows.ts';

/**
 * How old a target's coverage may be, in seconds, before a person must look. The limit is the greatest age that coverage
 * reaches when no run is missed, plus two hours for confirmation. The age is greatest just before a run. It is never less
 * than one window and `delay`.
 */
export function coverageLimitSeconds(target: Target): number {
  const least = windowLength(target).add(target.window.delay);
  const schedule = parseSchedule(target.schedule);
  const longest = schedule ? oldestBetweenRuns(target, schedule, least) : least;
  return longerOf(least, longest).add(CONFIRMATION).total('seconds');
}

const CONFIRMATION = { hours: 2 };

/** This sample period has every weekday, every month and both clock changes. */
const SAMPLE = Temporal.Instant.from('2027-01-01T00:00:00Z');
const SAMPLE_DAYS = 400;
const MOST_RUNS = 1_000;

// When AWS counts a rate from is not known, so its runs may come at any time between two ends of windows.
function oldestBetweenRuns(target: Target, schedule: Schedule, least: Temporal.Duration): Temporal.Duration {
  if (schedule.kind === 'rate') return least.add(schedule.every);
  let longest = least;
  let run = nextRunAfter(schedule, target.scheduleTimeZone, SAMPLE);
  for (let count = 0; run && count < MOST_RUNS && isSampled(run); count += 1) {
    const next = nextRunAfter(schedule, target.scheduleTimeZone, run);
    if (next) longest = longerOf(longest, newestDueWindow(target.window, run).end.until(next));
    run = next;
  }
  return longest;
}

function isSampled(run: Instant): boolean {
  return !isAfter(run, SAMPLE.add({ hours: 24 * SAMPLE_DAYS }));
}

// The day of 25 hours shows in the sample, where it matters.
function windowLength({ window: { every } }: Target): Temporal.Duration {
  return Temporal.Duration.from(every.unit === 'day' ? { hours: 24 } : { minutes: every.minutes });
}

function longerOf(a: Temporal.Duration, b: Temporal.Duration): Temporal.Duration {
  return Temporal.Duration.compare(a, b) < 0 ? b : a;
}
