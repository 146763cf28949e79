import * as z from 'zod/mini';

/** A count as a person writes it: from 1 to the most. */
export function wholeNumber({ atMost }: { atMost: number }) {
  const expected = `must be a whole number from 1 to ${atMost}`;
  return z.int(expected).check(z.minimum(1, expected), z.maximum(atMost, expected));
}
