import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';

// A time has no fields of its own, so to toMatchObject any two are alike: what it holds of a time could not fail.
expect.addEqualityTesters([
  (one: unknown, other: unknown) => {
    const isTime = one instanceof Temporal.Instant && other instanceof Temporal.Instant;
    return isTime ? one.equals(other) : undefined;
  },
]);
