import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earliest, parseInstant } from '../../../lib/domain/time/instant.ts';

describe('a time as people and machines write it', () => {
  it.each([
    ['2026-11-23T00:35:00Z', '2026-11-23T00:35:00Z'],
    ['2026-11-23t00:35:00.123456789+08:00', '2026-11-22T16:35:00.123456789Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['1970-01-01T00:00:00-00:00', '1970-01-01T00:00:00Z'],
  ])('%s is read', (text, expected) => {
    expect(String(parseInstant(text))).toBe(expected);
  });

  it.each([
    '2026-11-23',
    '2026-11-23T00:35:00',
    '2026-02-30T00:00:00Z',
    '2026-11-23T24:00:00Z',
    '2026-11-23 00:35:00Z',
    '2026-11-23T00:35Z',
    '2026-11-23T00:35:00Z ',
    '2026-11-23T00:35:00+08:00[Asia/Shanghai]',
    '+002026-11-23T00:35:00Z',
    // Out of the four digits of a year once they are in UTC.
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '-2026-11-23T00:35:00Z',
    '1764000000',
    '',
  ])('%s is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('can be written and read again', () => {
    const digits = (most: number, length: number) =>
      fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(length, '0'));
    fc.assert(
      fc.property(
        digits(9999, 4),
        digits(99, 2),
        digits(99, 2),
        digits(29, 2),
        (year, month, day, offset) => {
          const value = parseInstant(`${year}-${month}-${day}T12:00:00+${offset}:00`);
          if (value) expect(parseInstant(value.toString())).toEqual(value);
        },
      ),
    );
  });
});

describe('the earliest of some times', () => {
  const [a, b] = ['2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'].map(parseInstant);

  it('is found wherever it stands, and what is not there does not count', () => {
    expect(earliest([b, undefined, a, b])).toBe(a);
    expect(earliest([undefined, b])).toBe(b);
  });

  it('is none where there is no time', () => {
    expect(earliest([])).toBeUndefined();
    expect(earliest([undefined])).toBeUndefined();
  });
});
