import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { SORTABLE_LENGTH, sortableInstant, sortableText } from '../../../lib/domain/time/instant.ts';

// Whole seconds, milliseconds and microseconds beside the rest: that is where text sorts other than time.
const instant = fc
  .tuple(
    fc.bigInt({ min: 0n, max: 4_102_444_800_000_000_000n }),
    fc.constantFrom(1n, 1_000n, 1_000_000n, 1_000_000_000n),
  )
  .map(([nanoseconds, unit]) => new Temporal.Instant((nanoseconds / unit) * unit));

it('is read again to the nanosecond', () => {
  fc.assert(
    fc.property(instant, (at) => {
      expect(sortableInstant(sortableText(at)).toString()).toBe(at.toString());
    }),
  );
});

it('has one length and sorts as text like the time it means', () => {
  const nearby = fc.tuple(instant, fc.constantFrom(-1, 0, 1, 1_000, 1_000_000, 500_000_000));
  fc.assert(
    fc.property(nearby, ([at, nanoseconds]) => {
      const later = at.add({ nanoseconds });
      const [a, b] = [sortableText(at), sortableText(later)];
      expect([a.length, b.length]).toEqual([SORTABLE_LENGTH, SORTABLE_LENGTH]);
      expect(Math.sign(Number(a > b) - Number(a < b))).toBe(Temporal.Instant.compare(at, later));
    }),
  );
});

it.each(['', 'yesterday', '2026-11-22T00:00:00', '2026-13-22T00:00:00.000000000Z'])(
  'refuses what is none: "%s"',
  (text) => {
    expect(() => sortableInstant(text)).toThrow(RangeError);
  },
);
