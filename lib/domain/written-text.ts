import * as z from 'zod/mini';
import { strayEnd, strayIn } from './stray-characters.ts';

/** Text that a person writes. `problemIn` says what is wrong with it and what would be right, or nothing. */
export function checkedText(problemIn: (text: string) => string | undefined) {
  return z.string().check((context) => {
    const message = problemIn(context.value);
    if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
  });
}

/** Text of a form: what does not match the pattern is an issue that says what is `expected`. */
export function writtenText(pattern: RegExp, expected: string) {
  return checkedText((text) => {
    if (pattern.test(text)) return undefined;
    // What cannot be seen is not found by looking at the text again.
    const stray = strayEnd(text);
    return stray === undefined ? expected : `${stray}; ${expected}`;
  });
}

/** One line of a person's own words: what nobody sees in it, and no value has, is an issue that names it. */
export function writtenLine() {
  return checkedText(strayIn);
}

/** What people call a target or a rule. */
export const writtenId = writtenText(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  'must be 1 to 63 of a-z, 0-9 and "-", and begin with no "-"',
);
