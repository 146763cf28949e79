import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { requestedSpan } from '../../../lib/domain/time/windows.ts';

const now = Temporal.Instant.from('2026-11-23T00:35:00.500Z');
const asked = (start: string, overlap: string) =>
  requestedSpan(
    { start: Temporal.Instant.from(start), end: now },
    Temporal.Duration.from(overlap),
    now,
  ).start.toString();

it.each([
  ['2026-11-22T00:00:00Z', 'PT0S', '2026-11-22T00:00:00Z'],
  ['2026-11-22T00:00:00Z', 'PT5M', '2026-11-21T23:55:00Z'],
  // The cutoff is 2026-10-24T00:35:00.5Z: of the overlap, what lies safely behind it is left.
  ['2026-10-25T00:00:00Z', 'PT24H', '2026-10-24T00:41:00Z'],
  ['2026-10-24T00:36:00Z', 'PT24H', '2026-10-24T00:36:00Z'],
  ['2026-10-20T00:00:00Z', 'PT24H', '2026-10-20T00:00:00Z'],
])('a window from %s with an overlap of %s is asked for from %s', (start, overlap, expected) => {
  expect(asked(start, overlap)).toBe(expected);
});
