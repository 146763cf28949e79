import * as z from 'zod/mini';
import { type Instant, instant, isBefore } from './instant.ts';

/** A half-open stretch of time, `[start, end)`. */
export type Span = { start: Instant; end: Instant };

/** Whether two spans share any time. */
export function overlaps(a: Span, b: Span): boolean {
  return isBefore(a.start, b.end) && isBefore(b.start, a.end);
}

/** A span as it stands in JSON: `{"start": "<RFC 3339>", "end": "<RFC 3339>"}`. */
export const span = z.object({ start: instant, end: instant });

export type SpanText = { start: string; end: string };

export function spanText({ start, end }: Span): SpanText {
  return { start: start.toString(), end: end.toString() };
}

/** A span as a key: two spans with the same name are the same time. */
export function spanName({ start, end }: Span): string {
  return `${start}/${end}`;
}
