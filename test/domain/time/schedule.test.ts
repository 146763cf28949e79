import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../lib/domain/time/instant.ts';
import { latestRunUntil, nextRunAfter, parseSchedule } from '../../../lib/domain/time/schedule.ts';

function next(expression: string, timeZone: string, at: string | Instant): string {
  const schedule = parseSchedule(expression);
  if (!schedule) throw new Error(`${expression} is no schedule`);
  return String(nextRunAfter(schedule, timeZone, Temporal.Instant.from(at)));
}

function latest(expression: string, timeZone: string, at: string | Instant): string {
  const schedule = parseSchedule(expression);
  if (!schedule) throw new Error(`${expression} is no schedule`);
  return String(latestRunUntil(schedule, timeZone, Temporal.Instant.from(at)));
}

describe('the latest run', () => {
  it('is at the time that is asked for, or before it', () => {
    const nightly = 'cron(35 0 * * ? *)';
    expect(latest(nightly, 'UTC', '2026-11-23T00:34:59.999999999Z')).toBe('2026-11-22T00:35:00Z');
    expect(latest(nightly, 'UTC', '2026-11-23T00:35:00Z')).toBe('2026-11-23T00:35:00Z');
    expect(latest(nightly, 'UTC', '2026-11-23T00:35:00.5Z')).toBe('2026-11-23T00:35:00Z');
  });

  it.each([
    ['cron(0/15 * * * ? *)', '2026-11-20T00:45:00Z'],
    ['cron(10-30/10 9,18 * * ? *)', '2026-11-19T18:30:00Z'],
    ['cron(00 */7 * * ? *)', '2026-11-20T00:00:00Z'],
    ['cron(0 12 1/10 * ? *)', '2026-11-11T12:00:00Z'],
    ['cron(0 12 L * ? *)', '2026-10-31T12:00:00Z'],
    ['cron(0 12 LW 1 ? *)', '2026-01-30T12:00:00Z'],
    ['cron(0 12 15W 8 ? *)', '2026-08-14T12:00:00Z'],
    ['cron(0 12 1W 5 ? *)', '2026-05-01T12:00:00Z'],
    ['cron(0 12 1,15W FEB-APR ? *)', '2026-04-15T12:00:00Z'],
    ['cron(0 12 29 2 ? *)', '2024-02-29T12:00:00Z'],
    ['cron(0 12 ? * SUN *)', '2026-11-15T12:00:00Z'],
    ['cron(0 12 ? * L *)', '2026-11-14T12:00:00Z'],
    ['cron(0 0 ? * MON-fri *)', '2026-11-20T00:00:00Z'],
    ['cron(0 0 ? * 6L *)', '2026-10-30T00:00:00Z'],
    ['cron(0 12 ? 12 3#2 *)', '2025-12-09T12:00:00Z'],
    ['cron(0 12 ? * TUE#5 *)', '2026-09-29T12:00:00Z'],
    // Years that are over, that are to come, and every third from 1970 on.
    ['cron(0 12 1 1 ? 2020-2025)', '2025-01-01T12:00:00Z'],
    ['cron(0 12 1 1 ? 1970)', '1970-01-01T12:00:00Z'],
    ['cron(0 12 1 1 ? 2028-2030)', 'undefined'],
    ['cron(0 12 20 11 ? 2026)', 'undefined'],
    ['cron(0 12 1 1 ? */3)', '2024-01-01T12:00:00Z'],
  ])('of %s follows from what AWS means by it', (expression, expected) => {
    expect(latest(expression, 'UTC', '2026-11-20T00:45:00Z')).toBe(expected);
  });

  it.each(['rate(1 minute)', 'rate(6 hours)', 'rate(1 day)'])('of %s is not known', (expression) => {
    expect(latest(expression, 'UTC', '2026-11-20T00:45:00Z')).toBe('undefined');
  });

  it('is not one whose local time the clocks skip', () => {
    expect(latest('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-29T12:00:00Z')).toBe(
      '2026-03-28T01:30:00Z',
    );
    expect(latest('cron(15 2 * * ? *)', 'Australia/Lord_Howe', '2026-10-04T12:00:00Z')).toBe(
      '2026-10-02T15:45:00Z',
    );
    expect(latest('cron(0 12 30 12 ? 2011)', 'Pacific/Apia', '2012-01-02T00:00:00Z')).toBe('undefined');
  });

  it('counts once both are over where a local time comes twice', () => {
    const nightly = 'cron(30 2 * * ? *)';
    expect(latest(nightly, 'Europe/Berlin', '2026-10-25T00:30:00Z')).toBe('2026-10-24T00:30:00Z');
    expect(latest(nightly, 'Europe/Berlin', '2026-10-25T01:29:59Z')).toBe('2026-10-24T00:30:00Z');
    expect(latest(nightly, 'Europe/Berlin', '2026-10-25T01:30:00Z')).toBe('2026-10-25T01:30:00Z');
  });

  it('gives what going through the clock quarter by quarter gives', () => {
    fc.assert(
      fc.property(zone, aroundAChange, times, (timeZone, around, { minutes, hours }) => {
        const at = around(timeZone);
        expect(latest(`cron(${minutes} ${hours} * * ? *)`, timeZone, at)).toBe(
          lastOnTheClock({ minutes, hours }, timeZone, at),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('the next run', () => {
  it('is after the time that is asked for, never at it', () => {
    const nightly = 'cron(35 0 * * ? *)';
    expect(next(nightly, 'UTC', '2026-11-23T00:34:59.999999999Z')).toBe('2026-11-23T00:35:00Z');
    expect(next(nightly, 'UTC', '2026-11-23T00:35:00Z')).toBe('2026-11-24T00:35:00Z');
    expect(next(nightly, 'UTC', '2026-11-23T00:35:00.5Z')).toBe('2026-11-24T00:35:00Z');
  });

  it.each([
    ['cron(0/15 * * * ? *)', '2026-11-20T01:00:00Z'],
    ['cron(5/20 * * * ? *)', '2026-11-20T01:05:00Z'],
    ['cron(10-30/10 9,18 * * ? *)', '2026-11-20T09:10:00Z'],
    ['cron(00 */7 * * ? *)', '2026-11-20T07:00:00Z'],
    ['cron(0 12 1/10 * ? *)', '2026-11-21T12:00:00Z'],
    ['cron(0 12 L * ? *)', '2026-11-30T12:00:00Z'],
    ['cron(0 12 LW 1 ? *)', '2027-01-29T12:00:00Z'],
    ['cron(0 12 15W 8 ? *)', '2027-08-16T12:00:00Z'],
    ['cron(0 12 1W 5 ? *)', '2027-05-03T12:00:00Z'],
    ['cron(0 12 1,15W FEB-APR ? *)', '2027-02-01T12:00:00Z'],
    ['cron(0 12 29 2 ? *)', '2028-02-29T12:00:00Z'],
    ['cron(0 12 1 3,JUN ? *)', '2027-03-01T12:00:00Z'],
    ['cron(0 12 1 */5 ? *)', '2027-01-01T12:00:00Z'],
    ['cron(0 12 ? * 1 *)', '2026-11-22T12:00:00Z'],
    ['cron(0 12 ? * SUN *)', '2026-11-22T12:00:00Z'],
    ['cron(0 12 ? * 7 *)', '2026-11-21T12:00:00Z'],
    ['cron(0 12 ? * L *)', '2026-11-21T12:00:00Z'],
    ['cron(0 12 ? * 2-5 *)', '2026-11-23T12:00:00Z'],
    ['cron(0 0 ? * MON-fri *)', '2026-11-23T00:00:00Z'],
    ['cron(0 12 ? * 3,WED *)', '2026-11-24T12:00:00Z'],
    ['cron(0 12 ? * 3/3 *)', '2026-11-20T12:00:00Z'],
    ['cron(0 0 ? * 6L *)', '2026-11-27T00:00:00Z'],
    ['cron(0 0 ? * FRIL *)', '2026-11-27T00:00:00Z'],
    ['cron(0 12 ? 12 3#2 *)', '2026-12-08T12:00:00Z'],
    ['cron(0 12 ? 12 TUE#2 *)', '2026-12-08T12:00:00Z'],
    ['cron(0 12 1 1 ? 2028-2030)', '2028-01-01T12:00:00Z'],
    ['cron(0 12 1 1 ? 2028/4)', '2028-01-01T12:00:00Z'],
    // Every third year from 1970 on.
    ['cron(0 12 1 1 ? */3)', '2027-01-01T12:00:00Z'],
    ['cron(0 12 1 1 ? 2199)', '2199-01-01T12:00:00Z'],
  ])('of %s follows from what AWS means by it', (expression, expected) => {
    expect(next(expression, 'UTC', '2026-11-20T00:45:00Z')).toBe(expected);
  });

  it.each(['cron(0 12 1 1 ? 2020-2025)', 'cron(0 12 20 11 ? 2026)'])('of %s never comes', (expression) => {
    expect(next(expression, 'UTC', '2026-11-20T12:00:00Z')).toBe('undefined');
  });

  it('does not come after the last year that AWS knows', () => {
    expect(next('cron(0 12 * * ? *)', 'UTC', '2199-12-31T11:00:00Z')).toBe('2199-12-31T12:00:00Z');
    expect(next('cron(0 12 * * ? *)', 'UTC', '2199-12-31T12:00:00Z')).toBe('undefined');
  });

  it.each([
    ['rate(1 minute)', '2026-03-29T00:01:00Z'],
    ['rate(90 minutes)', '2026-03-29T01:30:00Z'],
    ['rate(6 hours)', '2026-03-29T06:00:00Z'],
    ['rate(1 day)', '2026-03-30T00:00:00Z'],
    ['rate(2 days)', '2026-03-31T00:00:00Z'],
  ])('of %s is a whole rate away, on a day of 23 hours too', (expression, expected) => {
    expect(next(expression, 'Europe/Berlin', '2026-03-29T00:00:00Z')).toBe(expected);
  });
});

describe('a change of the clocks', () => {
  it('leaves a run out whose local time is skipped', () => {
    expect(next('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-30T00:30:00Z');
    expect(next('cron(30 2 * * ? *)', 'Australia/Lord_Howe', '2026-10-03T12:00:00Z')).toBe(
      '2026-10-03T15:30:00Z',
    );
    expect(next('cron(15 2 * * ? *)', 'Australia/Lord_Howe', '2026-10-03T12:00:00Z')).toBe(
      '2026-10-04T15:15:00Z',
    );
    expect(next('cron(0 12 30 12 ? 2011)', 'Pacific/Apia', '2011-12-29T00:00:00Z')).toBe('undefined');
  });

  it('lets a local time that comes twice run once, at the latest it can be', () => {
    const nightly = 'cron(30 2 * * ? *)';
    expect(next(nightly, 'Europe/Berlin', '2026-10-25T00:29:59Z')).toBe('2026-10-25T01:30:00Z');
    expect(next(nightly, 'Europe/Berlin', '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00Z');
    expect(next(nightly, 'Europe/Berlin', '2026-10-25T01:10:00Z')).toBe('2026-10-26T01:30:00Z');
    expect(next(nightly, 'Europe/Berlin', '2026-10-25T01:30:00Z')).toBe('2026-10-26T01:30:00Z');
  });

  it('moves a run in UTC, and keeps it on the local clock', () => {
    expect(next('cron(5 6 * * ? *)', 'America/New_York', '2026-03-07T12:00:00Z')).toBe(
      '2026-03-08T10:05:00Z',
    );
    expect(next('cron(5 6 * * ? *)', 'America/New_York', '2026-03-06T12:00:00Z')).toBe(
      '2026-03-07T11:05:00Z',
    );
  });

  it('gives what going through the clock quarter by quarter gives', () => {
    fc.assert(
      fc.property(zone, aroundAChange, times, (timeZone, around, { minutes, hours }) => {
        const at = around(timeZone);
        expect(next(`cron(${minutes} ${hours} * * ? *)`, timeZone, at)).toBe(
          firstOnTheClock({ minutes, hours }, timeZone, at),
        );
      }),
      { numRuns: 300 },
    );
  });
});

const NOW = Temporal.Instant.from('2026-11-20T00:00:00Z');

const zone = fc.constantFrom(
  ...Intl.supportedValuesOf('timeZone').filter((name) => changeAfter(name, NOW) !== null),
  'UTC',
);

const aroundAChange = fc
  .record({
    since: fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2035, 11, 31) }),
    seconds: fc.integer({ min: -40_000, max: 10_000 }),
  })
  .map(({ since, seconds }) => (timeZone: string) => {
    const start = Temporal.Instant.fromEpochMilliseconds(since);
    return (changeAfter(timeZone, start) ?? start).add({ seconds });
  });

const times = fc.record({
  minutes: fc.uniqueArray(fc.constantFrom(0, 15, 30, 45), { minLength: 1 }),
  hours: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 }),
});

function changeAfter(timeZone: string, since: Instant): Instant | null {
  return since.toZonedDateTimeISO(timeZone).getTimeZoneTransition('next')?.toInstant() ?? null;
}

// In these years every zone is a number of quarters from UTC.
function firstOnTheClock(times: Times, timeZone: string, at: Instant) {
  const seen = quartersAfter(at.subtract({ hours: 3 }), times, timeZone);
  const ahead = [...seen.values()].filter(([first]) => first && Temporal.Instant.compare(first, at) > 0);
  const lasts = ahead.flatMap((instants) => instants.slice(-1)).sort(Temporal.Instant.compare);
  return String(lasts[0]);
}

function lastOnTheClock(times: Times, timeZone: string, at: Instant) {
  const seen = quartersAfter(at.subtract({ hours: 72 }), times, timeZone);
  const lasts = [...seen.values()].flatMap((instants) => instants.slice(-1));
  const over = lasts.filter((last) => Temporal.Instant.compare(last, at) <= 0);
  return String(over.sort(Temporal.Instant.compare).at(-1));
}

type Times = { minutes: number[]; hours: number[] };

/** The times that a schedule means, each with all instants that show it. */
function quartersAfter(from: Instant, times: Times, timeZone: string): Map<string, Instant[]> {
  const start = from.round({ smallestUnit: 'minute', roundingIncrement: 15 });
  const seen = new Map<string, Instant[]>();
  for (let quarter = 0; quarter < 4 * 75; quarter += 1) {
    const instant = start.add({ minutes: 15 * quarter });
    const local = instant.toZonedDateTimeISO(timeZone).toPlainDateTime();
    if (!times.minutes.includes(local.minute) || !times.hours.includes(local.hour)) continue;
    seen.set(String(local), [...(seen.get(String(local)) ?? []), instant]);
  }
  return seen;
}

describe('an expression', () => {
  it.each([
    'at(2026-11-20T00:00:00)',
    '0 35 * * *',
    'cron(35 0 * * ?)',
    'cron(0 35 0 * * ? *)',
    'cron( 35 0 * * ? *)',
    'rate(0 days)',
    'rate(05 minutes)',
    'rate(1.5 hours)',
    'rate(1 week)',
    'rate(5)',
    '@daily',
    '',
  ])('is not %j', (text) => {
    expect(parseSchedule(text)).toBeUndefined();
  });
});
