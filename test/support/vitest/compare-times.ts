import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';

const TYPES = [Temporal.Instant, Temporal.ZonedDateTime, Temporal.PlainDate, Temporal.Duration];

// Times and durations have no fields of their own, so for toMatchObject any two of them are equal, and no assertion about
// them could fail.
expect.addEqualityTesters([
  (one: unknown, other: unknown) => {
    const areTimes = TYPES.some((type) => one instanceof type && other instanceof type);
    return areTimes ? String(one) === String(other) : undefined;
  },
]);
