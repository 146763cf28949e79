import { Cron } from 'croner';
import { Temporal } from 'temporal-polyfill';
import { strayEnd } from '../stray-characters.ts';
import { readCronFields } from './cron.ts';
import { type Instant, isAfter } from './instant.ts';

/** When a target runs. `pattern` is croner's, without a time zone. */
export type Schedule = { kind: 'cron'; pattern: string } | { kind: 'rate'; every: Temporal.Duration };

/** Reads an EventBridge Scheduler expression; undefined when AWS would refuse it, or when it fires only once. */
export function parseSchedule(text: string): Schedule | undefined {
  const read = readSchedule(text);
  return 'messages' in read ? undefined : read;
}

/** What is wrong with an expression, as messages that say what would be right; empty when nothing is. */
export function scheduleIssues(text: string): string[] {
  const read = readSchedule(text);
  return 'messages' in read ? read.messages : [];
}

/**
 * The first run after `at`; undefined when there is none. Where AWS's choice is not known, the latest possible time. A rate
 * counts from when AWS created the schedule: its next run is taken to be a whole interval away. When a local time occurs
 * twice, AWS runs once. We assume the second time. Once the first has passed, the run counts as past. A local time that
 * is skipped has no run (EventBridge Scheduler User Guide, "Schedule types").
 */
export function nextRunAfter(schedule: Schedule, timeZone: string, at: Instant): Instant | undefined {
  if (schedule.kind === 'rate') return at.add(schedule.every);
  const cron = cronOf(schedule.pattern);
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

/** The first run of a target after `at`, as `nextRunAfter` says; undefined where its schedule never fires again. */
export function nextRunOf({ schedule, scheduleTimeZone }: Scheduled, at: Instant): Instant | undefined {
  const parsed = parseSchedule(schedule);
  return parsed && nextRunAfter(parsed, scheduleTimeZone, at);
}

type Scheduled = { schedule: string; scheduleTimeZone: string };

/** From one nightly run to the next: a day, and time for the run. */
export const BETWEEN_NIGHTLY_RUNS = { hours: 26 };

/**
 * The last run at or before `at`; undefined when there was none, and for a rate, whose start only AWS knows. A local time
 * that occurs twice counts once both times are past, as for `nextRunAfter`.
 */
export function latestRunUntil(schedule: Schedule, timeZone: string, at: Instant): Instant | undefined {
  if (schedule.kind === 'rate') return undefined;
  const cron = cronOf(schedule.pattern);
  // croner finds the run strictly before, in whole seconds.
  let local = previousLocalTime(cron, at.toZonedDateTimeISO(timeZone).toPlainDateTime().add({ seconds: 1 }));
  while (local) {
    const first = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
    const second = local.toZonedDateTime(timeZone, { disambiguation: 'later' }).toInstant();
    const isSkipped = !first.toPlainDateTime().equals(local);
    if (!isSkipped && !isAfter(second, at)) return second;
    local = previousLocalTime(cron, local);
  }
  return undefined;
}

const SCHEDULE_EXPECTED =
  'must be an EventBridge Scheduler expression such as cron(35 0 * * ? *) or rate(1 hour)';

const ONCE = `must be a schedule that runs again and again; at(...) runs once`;

const NEVER = 'must have a day of the month that one of its months has';

type ScheduleReading = Schedule | { messages: string[] };

function readSchedule(text: string): ScheduleReading {
  const [, kind, inside = ''] = /^(cron|rate|at)\((.*)\)$/.exec(text) ?? [];
  switch (kind) {
    case 'cron':
      return readCron(inside.split(' '));
    case 'rate':
      return readRate(inside);
    case 'at':
      return { messages: [`${ONCE}. It ${SCHEDULE_EXPECTED}`] };
    default:
      return { messages: [misfit(text)] };
  }
}

function misfit(text: string): string {
  const stray = strayEnd(text);
  return stray === undefined ? SCHEDULE_EXPECTED : `${stray}; ${SCHEDULE_EXPECTED}`;
}

function readCron(fields: readonly string[]): ScheduleReading {
  const read = readCronFields(fields);
  if ('messages' in read) return read;
  return canCome(read.pattern) ? { kind: 'cron', ...read } : { messages: [NEVER] };
}

// Only days at the end of months can be missing from a calendar, so other patterns need no search.
function canCome(pattern: string): boolean {
  const [, , , daysOfMonth = ''] = pattern.split(' ');
  if (!/^(29|3\d)/.test(daysOfMonth)) return true;
  return nextLocalTime(cronOf(pattern), Temporal.PlainDateTime.from('1970-01-01')) !== undefined;
}

function cronOf(pattern: string): Cron {
  return new Cron(pattern, { mode: '7-part', alternativeWeekdays: true, utcOffset: 0 });
}

// A day of a rate is 24 hours, also when the clocks change.
const MINUTES_OF: Record<string, number> = { minute: 1, hour: 60, day: 24 * 60 };

// Singular for one, plural for more (EventBridge User Guide, "Rate expressions reference").
function readRate(inside: string): ScheduleReading {
  const [, count = '', unit = '', plural] = /^([1-9]\d{0,5}) (minute|hour|day)(s?)$/.exec(inside) ?? [];
  const minutes = MINUTES_OF[unit];
  if (minutes === undefined) return { messages: [SCHEDULE_EXPECTED] };
  const right = `${count} ${unit}${count === '1' ? '' : 's'}`;
  if (`${count} ${unit}${plural}` !== right) return { messages: [`must be rate(${right})`] };
  return { kind: 'rate', every: Temporal.Duration.from({ minutes: Number(count) * minutes }) };
}

// croner gets local times as if they were UTC: its rules for clock changes are not those of AWS.
function nextLocalTime(cron: Cron, after: Temporal.PlainDateTime): Temporal.PlainDateTime | undefined {
  return localTime(cron.nextRun(asIfUtc(after)));
}

function previousLocalTime(cron: Cron, before: Temporal.PlainDateTime): Temporal.PlainDateTime | undefined {
  return localTime(cron.previousRuns(1, asIfUtc(before))[0]);
}

function asIfUtc(local: Temporal.PlainDateTime): Date {
  return new Date(local.toZonedDateTime('UTC').epochMilliseconds);
}

function localTime(found: Date | null | undefined): Temporal.PlainDateTime | undefined {
  if (!found) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(found.getTime()).toZonedDateTimeISO('UTC').toPlainDateTime();
}
