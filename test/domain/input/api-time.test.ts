import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  type ApiTime,
  changesClocks,
  formatApiTime,
  isTimeZone,
  sentTimes,
} from '../../../lib/domain/input/api-time.ts';

const moment = Temporal.Instant.from('2022-10-31T08:07:39.999Z');

describe('the time on the wire', () => {
  it('is UTC with a Z and without milliseconds', () => {
    expect(formatApiTime(moment, { format: 'iso8601', timeZone: 'UTC' })).toBe('2022-10-31T08:07:39Z');
  });

  it('is local and separated by a blank in the compatibility format', () => {
    expect(formatApiTime(moment, { format: 'blank', timeZone: 'UTC' })).toBe('2022-10-31 08:07:39');
    expect(formatApiTime(moment, { format: 'blank', timeZone: 'Asia/Shanghai' })).toBe('2022-10-31 16:07:39');
  });
});

describe('the times of a request', () => {
  const at = (text: string) => Temporal.Instant.from(text);

  it.each([
    ['2022-10-31T08:00:00Z', '2022-10-31T09:00:00Z', '2022-10-31T08:00:00Z', '2022-10-31T09:00:00Z'],
    ['2022-10-31T08:00:00.999Z', '2022-10-31T09:00:00.001Z', '2022-10-31T08:00:00Z', '2022-10-31T09:00:01Z'],
    [
      '2022-10-31T08:00:00.000000001Z',
      '2022-10-31T23:59:59.999999999Z',
      '2022-10-31T08:00:00Z',
      '2022-11-01T00:00:00Z',
    ],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59.6Z', '1969-12-31T23:59:59Z', '1970-01-01T00:00:00Z'],
  ])('cover a span from %s to %s', (start, end, loginStartTime, loginEndTime) => {
    const span = { start: at(start), end: at(end) };
    expect(sentTimes(span, { format: 'iso8601', timeZone: 'UTC' })).toEqual({ loginStartTime, loginEndTime });
  });

  it('cover it in the compatibility format too', () => {
    const span = { start: at('2022-10-31T15:59:59.9Z'), end: at('2022-10-31T15:59:59.95Z') };
    expect(sentTimes(span, { format: 'blank', timeZone: 'Asia/Shanghai' })).toEqual({
      loginStartTime: '2022-10-31 23:59:59',
      loginEndTime: '2022-11-01 00:00:00',
    });
  });

  it('leave out nothing of any span, and add less than a second at each end', () => {
    const nanoseconds = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n });
    const zones = fc.constantFrom<ApiTime>(
      { format: 'iso8601', timeZone: 'UTC' },
      { format: 'blank', timeZone: 'Asia/Shanghai' },
      { format: 'blank', timeZone: 'Asia/Kathmandu' },
    );
    fc.assert(
      fc.property(nanoseconds, nanoseconds, zones, (one, other, apiTime) => {
        const [start, end] = one < other ? [one, other] : [other, one];
        const span = { start: new Temporal.Instant(start), end: new Temporal.Instant(end) };
        const { loginStartTime, loginEndTime } = sentTimes(span, apiTime);
        const before = start - readBack(loginStartTime, apiTime);
        const after = readBack(loginEndTime, apiTime) - end;
        for (const added of [before, after]) {
          expect(added).toBeGreaterThanOrEqual(0n);
          expect(added).toBeLessThan(1_000_000_000n);
        }
      }),
    );
  });
});

function readBack(literal: string, { format, timeZone }: ApiTime): bigint {
  if (format === 'iso8601') return Temporal.Instant.from(literal).epochNanoseconds;
  return Temporal.PlainDateTime.from(literal).toZonedDateTime(timeZone).epochNanoseconds;
}

describe('a time zone', () => {
  it('is known to change its clocks, or not to', () => {
    expect(changesClocks('Europe/Berlin', moment)).toBe(true);
    expect(changesClocks('Asia/Shanghai', moment)).toBe(false);
    expect(changesClocks('UTC', moment)).toBe(false);
  });

  it.each([
    ['UTC', true],
    ['Asia/Singapore', true],
    ['+08:00', false],
    ['Mars/Olympus', false],
    ['', false],
  ])('%s: %s', (name, known) => {
    expect(isTimeZone(name)).toBe(known);
  });
});
