import { Cron } from 'croner';
import { Temporal } from 'temporal-polyfill';
import { readCronFields } from './cron-expression.ts';
import { type Instant, isAfter } from './instant.ts';

/** When a target runs, again and again. `pattern` is croner's; it holds no time zone. */
export type Schedule = { kind: 'cron'; pattern: string } | { kind: 'rate'; every: Temporal.Duration };

/** Reads an EventBridge Scheduler expression; undefined when AWS would refuse it, or when it runs only once. */
export function parseSchedule(text: string): Schedule | undefined {
  const read = readSchedule(text);
  return 'problems' in read ? undefined : read;
}

/** What is wrong with an expression, each problem saying what would be right; empty when nothing is. */
export function scheduleProblems(text: string): string[] {
  const read = readSchedule(text);
  return 'problems' in read ? read.problems : [];
}

/**
 * The first run after `at`, or undefined when there is none any more. Where it cannot be known, it is the latest it
 * can be. A rate counts from when AWS created the schedule: its next run is taken to be a whole rate away. Of a local
 * time that comes twice AWS runs one: that is taken to be the second, and to be over once the first is. A local time
 * that clocks skip is skipped by AWS too (EventBridge Scheduler User Guide, "Schedule types").
 */
export function nextRunAfter(schedule: Schedule, timeZone: string, at: Instant): Instant | undefined {
  if (schedule.kind === 'rate') return at.add(schedule.every);
  const cron = new Cron(schedule.pattern, { mode: '7-part', alternativeWeekdays: true, utcOffset: 0 });
  let local = nextLocalTime(cron, at.toZonedDateTimeISO(timeZone).toPlainDateTime());
  while (local) {
    const first = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
    const second = local.toZonedDateTime(timeZone, { disambiguation: 'later' });
    const isSkipped = !first.toPlainDateTime().equals(local);
    if (!isSkipped && isAfter(first.toInstant(), at)) return second.toInstant();
    local = nextLocalTime(cron, local);
  }
  return undefined;
}

const SCHEDULE_EXPECTED =
  'must be an EventBridge Scheduler expression such as cron(35 0 * * ? *) or rate(1 hour)';

function readSchedule(text: string): Schedule | { problems: string[] } {
  const fields = /^cron\((.+)\)$/.exec(text)?.[1];
  if (fields === undefined) return readRate(text) ?? { problems: [SCHEDULE_EXPECTED] };
  const read = readCronFields(fields.split(' '));
  return 'problems' in read ? read : { kind: 'cron', ...read };
}

// A day of a rate is 24 hours, whatever the clocks do.
const MINUTES_OF: Record<string, number> = { minute: 1, hour: 60, day: 24 * 60 };

function readRate(text: string): Schedule | undefined {
  const [, count, unit = ''] = /^rate\(([1-9]\d{0,5}) (minute|hour|day)s?\)$/.exec(text) ?? [];
  const minutes = Number(count) * (MINUTES_OF[unit] ?? 0);
  return minutes > 0 ? { kind: 'rate', every: Temporal.Duration.from({ minutes }) } : undefined;
}

// croner reckons with local times as if they were UTC: its own rules for changes of the clocks are not those of AWS.
function nextLocalTime(cron: Cron, after: Temporal.PlainDateTime): Temporal.PlainDateTime | undefined {
  const next = cron.nextRun(new Date(after.toZonedDateTime('UTC').epochMilliseconds));
  if (!next) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(next.getTime()).toZonedDateTimeISO('UTC').toPlainDateTime();
}
