import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { changesClocks, formatApiTime, isTimeZone } from '../../lib/domain/api-time.ts';

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
