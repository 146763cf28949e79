import * as z from 'zod/mini';
import { earlier, type Instant, instant, isAfter, isBefore, later } from './instant.ts';

/** A half-open stretch of time, `[start, end)`. */
export type Span = { start: Instant; end: Instant };

/** Sets of time as lists of spans. Every result is in order, without overlaps, and spans that touch are one span. */

export function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of inOrder(spans)) {
    const last = merged.at(-1);
    if (!last || isBefore(last.end, span.start)) merged.push({ start: span.start, end: span.end });
    else last.end = later(last.end, span.end);
  }
  return merged;
}

/** The parts of `spans` that are in none of `others`. */
export function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  const taken = union(others);
  return union(spans).flatMap((span) => partsOutside(span, taken));
}

/**
 * The parts of a span that are in none of `taken`, which must be the result of one of these functions: in order,
 * without overlaps.
 */
export function leftOf(span: Span, taken: readonly Span[]): Span[] {
  return isBefore(span.start, span.end) ? partsOutside(span, taken) : [];
}

/** The time that is in both. */
export function intersection(spans: readonly Span[], others: readonly Span[]): Span[] {
  return without(spans, without(spans, others));
}

/** The parts of `spans` before `cutoff`. */
export function before(spans: readonly Span[], cutoff: Instant): Span[] {
  return spans
    .filter(({ start }) => isBefore(start, cutoff))
    .map(({ start, end }) => ({ start, end: earlier(end, cutoff) }));
}

/** The parts of `spans` from `cutoff` on. */
export function from(spans: readonly Span[], cutoff: Instant): Span[] {
  return spans
    .filter(({ end }) => isAfter(end, cutoff))
    .map(({ start, end }) => ({ start: later(start, cutoff), end }));
}

/** Whether two spans share any time. */
export function overlaps(a: Span, b: Span): boolean {
  return isBefore(a.start, b.end) && isBefore(b.start, a.end);
}

/** The windows of entries, results and the like, as they come: not joined and not sorted. */
export function windowsOf(all: readonly { window: Span }[]): Span[] {
  return all.map(({ window }) => window);
}

/** A span in JSON: `{"start": "<RFC 3339>", "end": "<RFC 3339>"}`. */
export const span = z.object({ start: instant, end: instant });

export type SpanText = { start: string; end: string };

export function spanText({ start, end }: Span): SpanText {
  return { start: start.toString(), end: end.toString() };
}

/** A span as a key: two spans with the same name are the same time. */
export function spanName({ start, end }: Span): string {
  return `${start}/${end}`;
}

function partsOutside(span: Span, taken: readonly Span[]): Span[] {
  const parts: Span[] = [];
  let { start } = span;
  for (let index = firstEndingAfter(taken, start); index < taken.length; index += 1) {
    const next = taken[index];
    if (!next || !isBefore(next.start, span.end)) break;
    parts.push({ start, end: next.start });
    start = next.end;
  }
  return inOrder([...parts, { start, end: span.end }]);
}

// A binary search, because both lists may have thousands of spans.
function firstEndingAfter(spans: readonly Span[], at: Instant): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAfter(spans[middle]?.end ?? at, at)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Sorted, without spans of no length. */
function inOrder(spans: readonly Span[]): Span[] {
  return spans
    .filter(({ start, end }) => isBefore(start, end))
    .sort((a, b) => a.start.epochMilliseconds - b.start.epochMilliseconds || compare(a.start, b.start));
}

function compare(a: Instant, b: Instant): number {
  return isBefore(a, b) ? -1 : isAfter(a, b) ? 1 : 0;
}
