import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { deadlineOf, oldestExportable } from '../../../lib/domain/time/retention.ts';

const at = Temporal.Instant.from;

describe('the oldest login time that is asked for', () => {
  it.each([
    ['2026-11-23T00:35:00Z', '2026-10-24T00:40:00Z'],
    ['2026-11-23T00:35:00.000000001Z', '2026-10-24T00:41:00Z'],
    ['2026-11-23T00:35:59.999Z', '2026-10-24T00:41:00Z'],
  ])('at %s is %s: 30 days ago, five minutes for the call, up to a whole minute', (now, oldest) => {
    expect(oldestExportable(at(now)).toString()).toBe(oldest);
  });

  it('leaves the call five to six minutes, and never comes nearer to now as time goes back', () => {
    const instant = fc.integer({ min: 0, max: 4e12 }).map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 200_000 }), (now, later) => {
        const seconds = deadlineOf(oldestExportable(now)).since(now).total('seconds');
        expect(seconds).toBeGreaterThanOrEqual(300);
        expect(seconds).toBeLessThan(360);
        const next = oldestExportable(now.add({ milliseconds: later }));
        expect(Temporal.Instant.compare(oldestExportable(now), next)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

it('a login can be exported for 30 days of 24 hours, also where the clocks change', () => {
  expect(deadlineOf(at('2026-10-01T00:00:00+02:00')).toString()).toBe('2026-10-30T22:00:00Z');
});
