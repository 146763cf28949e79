import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { nextRunAfter, parseSchedule, scheduleIssues } from '../../../lib/domain/time/schedule.ts';

// What AWS documents of schedules, example by example: EventBridge User Guide, "Cron expressions reference" and "Rate
// expressions reference"; EventBridge Scheduler User Guide, "Schedule types". 2026-11-20 is a Friday.

function runs(expression: string, count: number, after = '2026-11-20T12:30:00Z'): string[] {
  const schedule = parseSchedule(expression);
  if (!schedule) throw new Error(`${expression}: ${scheduleIssues(expression).join('; ')}`);
  const found: string[] = [];
  let at = Temporal.Instant.from(after);
  while (found.length < count) {
    const next = nextRunAfter(schedule, 'UTC', at);
    if (!next) break;
    found.push(next.toString().slice(0, 16));
    at = next;
  }
  return found;
}

describe('an example of the AWS documentation', () => {
  it.each([
    ['cron(0 10 * * ? *)', ['2026-11-21T10:00', '2026-11-22T10:00']],
    ['cron(15 12 * * ? *)', ['2026-11-21T12:15', '2026-11-22T12:15']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-11-20T18:00', '2026-11-23T18:00', '2026-11-24T18:00']],
    ['cron(0 8 1 * ? *)', ['2026-12-01T08:00', '2027-01-01T08:00']],
    ['cron(0/15 * * * ? *)', ['2026-11-20T12:45', '2026-11-20T13:00', '2026-11-20T13:15']],
    ['cron(0/10 * ? * MON-FRI *)', ['2026-11-20T12:40', '2026-11-20T12:50', '2026-11-20T13:00']],
    ['cron(0/5 8-17 ? * MON-FRI *)', ['2026-11-20T12:35', '2026-11-20T12:40']],
    ['cron(0 9 ? * 2#1 *)', ['2026-12-07T09:00', '2027-01-04T09:00']],
    ['cron(15 10 ? * 6L 2026-2027)', ['2026-11-27T10:15', '2026-12-25T10:15', '2027-01-29T10:15']],
    ['cron(0 12 ? * 3#2 *)', ['2026-12-08T12:00', '2027-01-12T12:00']],
    [
      'cron(1/10 * * * ? *)',
      ['2026-11-20T12:31', '2026-11-20T12:41', '2026-11-20T12:51', '2026-11-20T13:01'],
    ],
    ['cron(0 0 1-15 * ? *)', ['2026-12-01T00:00', '2026-12-02T00:00']],
    ['cron(0 0 3W * ? *)', ['2026-12-03T00:00', '2027-01-04T00:00', '2027-02-03T00:00']],
    [
      'cron(0 0 1 JAN,FEB,MAR ? *)',
      ['2027-01-01T00:00', '2027-02-01T00:00', '2027-03-01T00:00', '2028-01-01T00:00'],
    ],
    ['cron(0 0 7 * ? *)', ['2026-12-07T00:00']],
    ['cron(0 0 L * ? *)', ['2026-11-30T00:00', '2026-12-31T00:00', '2027-01-31T00:00', '2027-02-28T00:00']],
    ['cron(0 0 ? * L *)', ['2026-11-21T00:00', '2026-11-28T00:00']],
    ['cron(0 17 LW * ? *)', ['2026-11-30T17:00', '2026-12-31T17:00', '2027-01-29T17:00', '2027-02-26T17:00']],
    ['rate(1 minute)', ['2026-11-20T12:31']],
    ['rate(5 minutes)', ['2026-11-20T12:35']],
    ['rate(1 hour)', ['2026-11-20T13:30']],
    ['rate(12 hours)', ['2026-11-21T00:30']],
    ['rate(1 day)', ['2026-11-21T12:30']],
    ['rate(7 days)', ['2026-11-27T12:30']],
  ])('%s is read as it means it', (expression, expected) => {
    expect(runs(expression, expected.length)).toEqual(expected);
  });

  it('cron(0/30 20-2 ? * MON-FRI *) goes round midnight, on each of the days by itself', () => {
    expect(runs('cron(0/30 20-2 ? * MON-FRI *)', 9, '2026-11-20T22:15:00Z')).toEqual([
      ...['2026-11-20T22:30', '2026-11-20T23:00', '2026-11-20T23:30'],
      ...['2026-11-23T00:00', '2026-11-23T00:30', '2026-11-23T01:00', '2026-11-23T01:30', '2026-11-23T02:00'],
      '2026-11-23T02:30',
    ]);
  });
});

describe('a range that goes round', () => {
  it.each([
    [
      'cron(0 22-2/2 * * ? *)',
      ['2026-11-20T22:00', '2026-11-21T00:00', '2026-11-21T02:00', '2026-11-21T22:00'],
    ],
    [
      'cron(50-10/10 0 * * ? *)',
      ['2026-11-21T00:00', '2026-11-21T00:10', '2026-11-21T00:50', '2026-11-22T00:00'],
    ],
    [
      'cron(0 0 30-2 * ? *)',
      ['2026-11-30T00:00', '2026-12-01T00:00', '2026-12-02T00:00', '2026-12-30T00:00'],
    ],
    [
      'cron(0 0 1 NOV-FEB ? *)',
      ['2026-12-01T00:00', '2027-01-01T00:00', '2027-02-01T00:00', '2027-11-01T00:00'],
    ],
    [
      'cron(0 0 ? * FRI-MON *)',
      ['2026-11-21T00:00', '2026-11-22T00:00', '2026-11-23T00:00', '2026-11-27T00:00'],
    ],
    ['cron(0 0 ? * 6-2/2 *)', ['2026-11-22T00:00', '2026-11-27T00:00', '2026-11-29T00:00']],
    ['cron(0 22-23,0-2,12 * * ? *)', ['2026-11-20T22:00', '2026-11-20T23:00', '2026-11-21T00:00']],
  ])('%s', (expression, expected) => {
    expect(runs(expression, expected.length)).toEqual(expected);
  });
});

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

const forms = (name: string, other: string) => [
  name,
  name.toLowerCase(),
  `${name},${other}`,
  `${other},${name}`,
];

describe.each(MONTHS.map((name, index) => ({ name, number: index + 1 })))('$name', ({ name, number }) => {
  it.each(MONTHS.map((other, index) => [other, index + 1] as const))(
    'beside %s is its number',
    (other, second) => {
      const numbers = [String(number), String(number), `${number},${second}`, `${second},${number}`];
      const named = [
        ...forms(name, other),
        `${name}-${other}`,
        `${name}-${other}/2`,
        `${name}/3`,
        `${name}-${second}`,
      ];
      const counted = [
        ...numbers,
        `${number}-${second}`,
        `${number}-${second}/2`,
        `${number}/3`,
        `${number}-${second}`,
      ];
      const inMonth = (month: string) => parseSchedule(`cron(0 0 1 ${month} ? *)`);
      expect(named.map(inMonth)).toEqual(counted.map(inMonth));
      expect(counted.map(inMonth)).not.toContain(undefined);
    },
  );

  it('comes in its month', () => {
    expect(runs(`cron(0 0 1 ${name} ? 2027)`, 2)).toEqual([
      `2027-${String(number).padStart(2, '0')}-01T00:00`,
    ]);
  });
});

describe.each(DAYS.map((name, index) => ({ name, number: index + 1 })))('$name', ({ name, number }) => {
  it.each(DAYS.map((other, index) => [other, index + 1] as const))(
    'beside %s is its number',
    (other, second) => {
      const ends = ['L', '#1', '#5', '/2'];
      const named = [
        ...forms(name, other),
        `${name}-${other}`,
        ...ends.map((end) => `${name}${end}`),
        `${name}l,${other}`,
      ];
      const numbers = [String(number), String(number), `${number},${second}`, `${second},${number}`];
      const counted = [
        ...numbers,
        `${number}-${second}`,
        ...ends.map((end) => `${number}${end}`),
        `${number}L,${second}`,
      ];
      const onDay = (day: string) => parseSchedule(`cron(0 0 ? * ${day} *)`);
      expect(named.map(onDay)).toEqual(counted.map(onDay));
      expect(counted.map(onDay)).not.toContain(undefined);
    },
  );

  it('comes on its day', () => {
    // 2026-11-22 is a Sunday.
    expect(runs(`cron(0 0 ? * ${name} *)`, 1, '2026-11-21T12:00:00Z')).toEqual([
      `2026-11-${21 + number}T00:00`,
    ]);
  });
});

describe('a nearest weekday', () => {
  it.each(Array.from({ length: 31 }, (_, index) => index + 1))('of day %i stays in its month', (day) => {
    const found = runs(`cron(0 0 ${day}W * ? 2027)`, 12);
    const expected = Array.from({ length: 12 }, (_, index) => nearestWeekday(2027, index + 1, day));
    expect(found).toEqual(expected.filter((date) => date !== undefined).map((date) => `${date}T00:00`));
  });
});

// Saturday goes back to Friday and Sunday on to Monday, but at the ends of the month the other way.
function nearestWeekday(year: number, month: number, day: number): string | undefined {
  const first = Temporal.PlainDate.from({ year, month, day: 1 });
  if (day > first.daysInMonth) return undefined;
  const wanted = first.with({ day });
  const steps = { 6: day === 1 ? 2 : -1, 7: day === first.daysInMonth ? -2 : 1 }[wanted.dayOfWeek] ?? 0;
  return wanted.add({ days: steps }).toString();
}

describe('an expression that AWS documents as wrong', () => {
  it.each([
    ['cron(0 0 ? * 3#1,6#3 *)', 'must have a day-of-week of 1 to 7 or SUN to SAT'],
    ['cron(0 0 * * * *)', 'must have "?" as its day-of-month or as its day-of-week'],
    ['cron(0 0 1 * MON *)', 'must have "?" as its day-of-month or as its day-of-week'],
    ['cron(0 0 ? * ? *)', 'must have "?" as its day-of-month or as its day-of-week'],
    ['rate(1 hours)', 'must be rate(1 hour)'],
    ['rate(5 hour)', 'must be rate(5 hours)'],
    ['rate(1 minutes)', 'must be rate(1 minute)'],
    ['rate(2 day)', 'must be rate(2 days)'],
    ['at(2026-11-20T00:00:00)', 'at(...) runs once. It must be an EventBridge Scheduler expression such as'],
    ['cron(0 10 * * ? *) ', 'ends with a space (U+0020); must be an EventBridge Scheduler expression'],
    [
      'rate(1 week)',
      'must be an EventBridge Scheduler expression such as cron(35 0 * * ? *) or rate(1 hour)',
    ],
    ['cron(0 0 31 2 ? *)', 'must have a day of the month that one of its months has'],
    ['cron(0 0 31 APR,JUN,SEP,NOV ? *)', 'must have a day of the month that one of its months has'],
    ['cron(0 0 30-31 FEB ? *)', 'must have a day of the month that one of its months has'],
  ])('%s gets a message with what would be right', (expression, right) => {
    expect(scheduleIssues(expression)).toEqual([expect.stringContaining(right)]);
  });

  it.each(['cron(0 0 29 2 ? *)', 'cron(0 0 31 2,3 ? *)', 'cron(0 0 31-1 FEB ? *)', 'cron(0 0 30W 4 ? *)'])(
    '%s is none of them',
    (expression) => {
      expect(scheduleIssues(expression)).toEqual([]);
    },
  );
});

describe('a field', () => {
  it('holds what going through its values holds', () => {
    const hour = fc.integer({ min: 0, max: 23 });
    fc.assert(
      fc.property(hour, hour, fc.integer({ min: 1, max: 23 }), (from, to, step) => {
        const expected = new Set<number>();
        const length = (to - from + 24) % 24;
        for (let passed = 0; passed <= length; passed += step) expected.add((from + passed) % 24);
        const found = runs(`cron(0 ${from}-${to}/${step} * * ? *)`, expected.size, '2026-11-20T23:59:00Z');
        expect(found.map((time) => Number(time.slice(11, 13)))).toEqual([...expected].sort((a, b) => a - b));
      }),
    );
  });
});
