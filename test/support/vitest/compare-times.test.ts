import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';

const at = Temporal.Instant.from;
const hours = (many: number) => Temporal.Duration.from({ hours: many });
const [first, second] = ['2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'] as const;

describe('a time in an assertion', () => {
  it('is compared wherever it stands, in toMatchObject too', () => {
    expect({ window: { start: at(first) } }).toMatchObject({ window: { start: at(first) } });
    expect({ window: { start: at(first) } }).not.toMatchObject({ window: { start: at(second) } });
    expect([{ at: at(first), more: 1 }]).not.toMatchObject([{ at: at(second) }]);
    expect({ at: at(first) }).not.toMatchObject({ at: first });
    expect({ at: at(first) }).not.toEqual({ at: at(second) });
    expect({ every: hours(1) }).not.toMatchObject({ every: hours(2) });
    expect({ every: hours(1) }).toMatchObject({ every: hours(1) });
  });
});
