import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';

const TYPES = [Temporal.Instant, Temporal.ZonedDateTime, Temporal.PlainDate, Temporal.Duration];

// Times and durations have no fields of their own, so to toMatchObject any two are alike, and nothing that it holds of
// one could fail.
expect.addEqualityTesters([
  (one: unknown, other: unknown) => {
    const areTimes = TYPES.some((type) => one instanceof type && other instanceof type);
    return areTimes ? String(one) === String(other) : undefined;
  },
]);
