import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { parsePeriod } from '../../../lib/domain/time/duration.ts';
import { isAfter, isBefore } from '../../../lib/domain/time/instant.ts';
import { type Span, union } from '../../../lib/domain/time/spans.ts';
import {
  cutIntoWindows,
  newestDueWindow,
  type WindowRule,
  windowContaining,
  windowsOver,
} from '../../../lib/domain/time/windows.ts';

const at = (text: string) => Temporal.Instant.from(text);

function rule(every: string, timeZone = 'UTC', delay = 'PT30M'): WindowRule {
  const period = parsePeriod(every);
  if (!period) throw new Error(`${every} is no period`);
  const duration = Temporal.Duration.from;
  return { every: period, timeZone, delay: duration(delay), overlap: duration('PT0S') };
}

const hours = ({ start, end }: Span) => start.until(end).total('hours');
const text = ({ start, end }: Span) => `${start}/${end}`;

const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC');
const period = fc
  .constantFrom('P1D', 'PT12H', 'PT6H', 'PT5H', 'PT1H', 'PT45M', 'PT15M')
  .filter((every) => !!parsePeriod(every));
const instant = fc
  .integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2037, 11, 31) })
  .map((milliseconds) => Temporal.Instant.fromEpochMilliseconds(milliseconds));

function expectPartition(windows: readonly Span[], span: Span): void {
  expect(isAfter(windows[0]?.start ?? span.end, span.start)).toBe(false);
  expect(isBefore(windows.at(-1)?.end ?? span.start, span.end)).toBe(false);
  const gaps = windows.filter(
    ({ start }, index) => index > 0 && String(start) !== String(windows[index - 1]?.end),
  );
  expect(gaps).toEqual([]);
  expect(windows.every(({ start, end }) => isBefore(start, end))).toBe(true);
}

describe('windows of a day', () => {
  it('have 23 hours on the day the clocks go forward and 25 on the day they go back', () => {
    const berlin = rule('P1D', 'Europe/Berlin');
    expect(text(windowContaining(berlin, at('2026-03-29T12:00Z')))).toBe(
      '2026-03-28T23:00:00Z/2026-03-29T22:00:00Z',
    );
    expect(hours(windowContaining(berlin, at('2026-03-29T12:00Z')))).toBe(23);
    expect(hours(windowContaining(berlin, at('2026-10-25T12:00Z')))).toBe(25);
    expect(hours(windowContaining(berlin, at('2026-06-01T12:00Z')))).toBe(24);
  });

  it('skip the date that a zone skipped', () => {
    const apia = rule('P1D', 'Pacific/Apia');
    const before = windowContaining(apia, at('2011-12-30T09:59:59Z'));
    const after = windowContaining(apia, at('2011-12-30T10:00:00Z'));
    expect(String(before.end)).toBe(String(after.start));
    expect(after.start.toZonedDateTimeISO('Pacific/Apia').toPlainDate().toString()).toBe('2011-12-31');
  });

  it('hold where the clocks go back over midnight and one date comes twice', () => {
    const stJohns = rule('P1D', 'America/St_Johns');
    for (const moment of [
      '2008-11-02T02:15Z',
      '2008-11-02T02:31:30Z',
      '2008-11-02T03:00Z',
      '2008-11-02T03:31Z',
    ]) {
      const window = windowContaining(stJohns, at(moment));
      expect(isAfter(window.start, at(moment))).toBe(false);
      expect(isBefore(at(moment), window.end)).toBe(true);
    }
  });
});

describe('windows of hours and minutes', () => {
  it('are counted from the first instant of the local day, and the last one ends with the day', () => {
    const spring = [
      ...windowsOver(rule('PT6H', 'Europe/Berlin'), {
        start: at('2026-03-28T23:00Z'),
        end: at('2026-03-29T22:00Z'),
      }),
    ];
    expect(spring.map(hours)).toEqual([6, 6, 6, 5]);
    const autumn = [
      ...windowsOver(rule('PT6H', 'Europe/Berlin'), {
        start: at('2026-10-24T22:00Z'),
        end: at('2026-10-25T23:00Z'),
      }),
    ];
    expect(autumn.map(hours)).toEqual([6, 6, 6, 6, 1]);
  });
});

describe('in every zone of the runtime', () => {
  it('the windows over a span partition it: sorted, no gap, no overlap', () => {
    fc.assert(
      fc.property(
        zone,
        period,
        instant,
        fc.integer({ min: 1, max: 96 }),
        (timeZone, every, start, length) => {
          const span = { start, end: start.add({ hours: length }) };
          expectPartition([...windowsOver(rule(every, timeZone), span)], span);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('the days of a whole year partition it', () => {
    const span = { start: at('2026-01-01T00:00Z'), end: at('2027-01-01T00:00Z') };
    for (const timeZone of Intl.supportedValuesOf('timeZone')) {
      expectPartition([...windowsOver(rule('P1D', timeZone), span)], span);
    }
  });

  it('every instant of a window gives that window', () => {
    fc.assert(
      fc.property(
        zone,
        period,
        instant,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (timeZone, every, moment, part) => {
          const settings = rule(every, timeZone);
          const window = windowContaining(settings, moment);
          const inside = window.start.add({
            milliseconds: Math.floor(window.start.until(window.end).total('milliseconds') * part),
          });
          expect(text(windowContaining(settings, inside))).toBe(text(window));
        },
      ),
      { numRuns: 600 },
    );
  });

  it('a window of a day has the true length of that day', () => {
    fc.assert(
      fc.property(zone, instant, (timeZone, moment) => {
        const window = windowContaining(rule('P1D', timeZone), moment);
        const local = window.start.toZonedDateTimeISO(timeZone);
        expect(String(local.startOfDay().toInstant())).toBe(String(window.start));
        expect(hours(window)).toBeCloseTo(local.hoursInDay, 9);
      }),
      { numRuns: 600 },
    );
  });

  it('the newest due window is due, and the one after it is not', () => {
    fc.assert(
      fc.property(
        zone,
        period,
        instant,
        fc.integer({ min: 0, max: 2880 }),
        (timeZone, every, moment, delay) => {
          const settings = rule(every, timeZone, `PT${delay}M`);
          const newest = newestDueWindow(settings, moment);
          const isDue = (window: Span) => !isAfter(window.end.add(settings.delay), moment);
          expect(isDue(newest)).toBe(true);
          expect(isDue(windowContaining(settings, newest.end))).toBe(false);
        },
      ),
      { numRuns: 600 },
    );
  });
});

describe('the newest due window', () => {
  it('becomes due exactly when its delay is over', () => {
    const settings = rule('P1D');
    expect(text(newestDueWindow(settings, at('2026-11-23T00:29:59Z')))).toBe(
      '2026-11-21T00:00:00Z/2026-11-22T00:00:00Z',
    );
    expect(text(newestDueWindow(settings, at('2026-11-23T00:30:00Z')))).toBe(
      '2026-11-22T00:00:00Z/2026-11-23T00:00:00Z',
    );
  });
});

describe('spans cut into windows', () => {
  it('begin and end with parts of windows where they begin or end within one', () => {
    const spans = [
      { start: at('2026-11-20T18:00Z'), end: at('2026-11-22T06:00Z') },
      { start: at('2026-11-22T12:00Z'), end: at('2026-11-22T13:00Z') },
    ];
    expect(cutIntoWindows(rule('P1D'), spans).map(text)).toEqual([
      '2026-11-20T18:00:00Z/2026-11-21T00:00:00Z',
      '2026-11-21T00:00:00Z/2026-11-22T00:00:00Z',
      '2026-11-22T00:00:00Z/2026-11-22T06:00:00Z',
      '2026-11-22T12:00:00Z/2026-11-22T13:00:00Z',
    ]);
  });

  it('that are windows already stay as they are, and of nothing there is none', () => {
    const whole = [{ start: at('2026-11-20T00:00Z'), end: at('2026-11-21T00:00Z') }];
    expect(cutIntoWindows(rule('P1D'), whole)).toEqual(whole);
    expect(cutIntoWindows(rule('P1D'), [])).toEqual([]);
  });

  it('are the same time again, in order, each part within one window', () => {
    const minutes = fc.integer({ min: 1, max: 2_000 });
    const spansFrom = (start: Temporal.Instant, pairs: readonly [gap: number, length: number][]) => {
      let last = start;
      return pairs.map(([gap, length]) => {
        const begin = last.add({ minutes: gap });
        last = begin.add({ minutes: length });
        return { start: begin, end: last };
      });
    };
    fc.assert(
      fc.property(
        zone,
        period,
        instant,
        fc.array(fc.tuple(minutes, minutes), { maxLength: 4 }),
        (timeZone, every, start, pairs) => {
          const settings = rule(every, timeZone);
          const spans = spansFrom(start, pairs);
          const windows = cutIntoWindows(settings, spans);
          expect(union(windows).map(text)).toEqual(spans.map(text));
          const ends = windows.map((one) => windowContaining(settings, one.start).end);
          expect(windows.filter(({ end }, index) => isAfter(end, ends[index] ?? end))).toEqual([]);
          const starts = windows.map((one) => one.start.epochMilliseconds);
          expect(starts).toEqual([...starts].sort((a, b) => a - b));
        },
      ),
      { numRuns: 200 },
    );
  });
});
