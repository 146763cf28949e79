import { Temporal } from 'temporal-polyfill';
import type { Instant } from './instant.ts';

/** How long every sortable text is. */
export const SORTABLE_LENGTH = '2026-11-23T00:35:00.000000000Z'.length;

/** An instant as text that sorts like the time it means: "…:00.5Z" would come before "…:00Z". */
export function sortableText(at: Instant): string {
  return at.toString({ fractionalSecondDigits: 9 });
}

/** Reads what `sortableText` wrote. A listing has thousands of these, and `Temporal` takes eight times as long as `Date`. */
export function sortableInstant(text: string): Instant {
  return text.endsWith(NO_MICROSECONDS)
    ? Temporal.Instant.fromEpochMilliseconds(Date.parse(text))
    : Temporal.Instant.from(text);
}

// The last six of nine digits: there is nothing that `Date` would cut off.
const NO_MICROSECONDS = '000000Z';
