import * as z from 'zod/mini';

/** Text that a person writes: what does not match the pattern is a fault that says what is `expected`. */
export function writtenText(pattern: RegExp, expected: string) {
  return z.string().check(z.regex(pattern, expected));
}

/** What people call a target or a rule. */
export const writtenId = writtenText(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  'must be 1 to 63 of a-z, 0-9 and "-", and begin with no "-"',
);
