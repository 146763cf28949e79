import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCronFields } from '../../../lib/domain/time/cron.ts';

const problemsOf = (fields: string): string[] => {
  const read = readCronFields(fields.split(' '));
  return 'messages' in read ? read.messages : [];
};

describe('the fields of a cron expression', () => {
  it.each([
    [
      'minutes of 0 to 59',
      ['60', '61', '-1', '0/0', '0/60', '5/', '/5', '*-5', '1,,2', 'L', '?', 'x', '', '005', '50-60'],
    ],
    ['hours of 0 to 23', ['24', '22-24', '1-2-3', '*/24', '1/2/3', '00000', '22-2/0']],
    [
      'a day-of-month of 1 to 31',
      ['0', '32', '0W', '32W', 'W', 'L-3', '1,LW', '1-5W', 'FRI', '?,1', 'WL', '5L', 'L1', '1#2'],
    ],
    [
      'a month of 1 to 12 or JAN to DEC',
      ['0', '13', 'NOV-', 'JANUARY', 'JANFEB', '1JAN', 'L', 'SUN', 'JANL', 'JU', 'MAR-APR-MAY', '2/FEB'],
    ],
    ['a year of 1970 to 2199', ['1969', '2200', '2026-2200', '26', '2030-2026', '2026/231', '02026']],
  ])('must have %s', (expected, wrong) => {
    const place = ['minutes', 'hours', 'day-of-month', 'month', '', 'year'].findIndex(
      (name) => name && expected.includes(name),
    );
    for (const text of wrong) {
      const fields = ['0', '0', '1', '1', '?', '2026'].with(place, text);
      expect([text, problemsOf(fields.join(' '))]).toEqual([
        text,
        [expect.stringContaining(`have ${expected}:`)],
      ]);
    }
  });

  it.each([
    '0',
    '8',
    '6-8',
    '0-6',
    '0-SAT',
    '8L',
    '3#0',
    '3#6',
    '2,3#1',
    '3#1,6#3',
    'MONTUE',
    'SUN6',
    'JAN',
    '15W',
    'L#2',
    'L-2',
    'L/2',
    'SUNLL',
    'MON#FRI',
    'MON#TUE',
    'MONDAY',
    '2/MON',
  ])('must not have %s as day-of-week', (text) => {
    expect(problemsOf(`0 0 ? * ${text} *`)).toEqual([
      expect.stringMatching(/^must have a day-of-week of 1 to 7 or SUN to SAT: .* FRIL or \(alone\) TUE#2$/),
    ]);
  });

  it.each(['0 0 ? * ? *', '0 0 * * * *', '0 0 1 * 2 *'])(
    'must have one "?" for the day, unlike %s',
    (fields) => {
      expect(problemsOf(fields)).toEqual([
        expect.stringContaining('"?" as its day-of-month or as its day-of-week'),
      ]);
    },
  );

  it('must be six', () => {
    const six = expect.stringContaining(
      'six fields with one space between them: cron(minutes hours day-of-month month day-of-week year)',
    );
    expect(problemsOf('35 0 * * ?')).toEqual([six]);
    expect(problemsOf('35  0 * * ? *')).toEqual([six]);
  });

  it('get a message where a range must rise and where it may go round', () => {
    expect(problemsOf('0 0 1 1 ? 2030-2026')[0]).toContain('a rising range (a-b)');
    expect(problemsOf('0 0 1 1-13 ? 2026')[0]).toContain(' a range (a-b)');
  });

  it('are all reported when several are wrong', () => {
    expect(problemsOf('61 24 ? 13 ? *')).toHaveLength(4);
  });

  it('always make a pattern that croner reads', () => {
    fc.assert(
      fc.property(fields, (written) => {
        const read = readCronFields(written);
        if ('messages' in read) throw new Error(read.messages.join('\n'));
        expect(new Cron(read.pattern, { mode: '7-part', alternativeWeekdays: true }).getPattern()).toBe(
          read.pattern,
        );
      }),
    );
  });
});

function listOf(first: number, last: number, special: fc.Arbitrary<string>[] = []): fc.Arbitrary<string> {
  const one = fc.integer({ min: first, max: last });
  const step = fc.integer({ min: 1, max: Math.min(last, last - first + 1) });
  const isRing = last < 1000;
  const range = fc.tuple(one, one).map((ends) => (isRing ? ends : ends.sort((a, b) => a - b)).join('-'));
  const start = fc.oneof(fc.constant('*'), one.map(String), range);
  const item = fc.oneof(
    start,
    fc.tuple(start, step).map(([from, by]) => `${from}/${by}`),
    ...special,
  );
  return fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(','));
}

const dayOfMonth = fc.oneof(
  listOf(1, 31, [fc.constant('L'), fc.integer({ min: 1, max: 31 }).map((day) => `${day}W`)]),
  fc.constantFrom('LW'),
);

const dayName = fc.constantFrom('SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', '1', '7');
const dayOfWeek = fc.oneof(
  listOf(1, 7, [fc.constant('L'), dayName, dayName.map((day) => `${day}L`)]),
  fc.tuple(dayName, fc.integer({ min: 1, max: 5 })).map(([day, nth]) => `${day}#${nth}`),
);

const fields = fc
  .tuple(
    listOf(0, 59),
    listOf(0, 23),
    fc.oneof(
      dayOfMonth.map((day) => [day, '?'] as const),
      dayOfWeek.map((day) => ['?', day] as const),
    ),
    listOf(1, 12, [fc.constantFrom('JAN', 'jun', 'FEB-MAY', 'Oct/2', 'JUL-DEC', 'NOV-FEB/2')]),
    listOf(1970, 2199),
  )
  .map(([minutes, hours, [monthDay, weekDay], month, year]) => [
    minutes,
    hours,
    monthDay,
    month,
    weekDay,
    year,
  ]);
