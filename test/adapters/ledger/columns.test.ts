import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { rowKey } from '../../../lib/adapters/ledger/columns.ts';
import { windowKey } from '../../support/ledger/window-rows.ts';

// Whole seconds beside fractions of them: that is where text sorts other than time.
const start = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1, 500_000_000, 999_999_999))
  .map(([seconds, nanoseconds]) =>
    Temporal.Instant.from('2026-11-22T00:00:58Z').add({ seconds, nanoseconds }),
  );

const end = Temporal.Instant.from('2026-11-23T00:00:00Z');

test('the names of windows sort as text in the order of their starts', () => {
  fc.assert(
    fc.property(start, start, (a, b) => {
      const [first, second] = [a, b].map((at) => rowKey(windowKey({ window: { start: at, end } })).window);
      expect(compareText(first ?? '', second ?? '')).toBe(Temporal.Instant.compare(a, b));
    }),
  );
});

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
