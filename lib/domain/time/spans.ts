import * as z from 'zod/mini';
import { earlier, type Instant, instant, isAfter, isBefore, later } from './instant.ts';

/** Sets of time as lists of spans. Every result is in order, without overlaps, and what touches is one span. */

export function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of inOrder(spans)) {
    const last = merged.at(-1);
    if (!last || isBefore(last.end, span.start)) merged.push({ start: span.start, end: span.end });
    else last.end = later(last.end, span.end);
  }
  return merged;
}

/** What of `spans` is in none of `others`. */
export function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  const taken = union(others);
  return union(spans).flatMap((span) => whatIsLeft(span, taken));
}

/** What of a span is in none of `taken`, which is in order and without overlaps: the result of one of these functions. */
export function leftOf(span: Span, taken: readonly Span[]): Span[] {
  return isBefore(span.start, span.end) ? whatIsLeft(span, taken) : [];
}

/** What is in both. */
export function intersection(spans: readonly Span[], others: readonly Span[]): Span[] {
  return without(spans, without(spans, others));
}

export function before(spans: readonly Span[], edge: Instant): Span[] {
  return spans
    .filter(({ start }) => isBefore(start, edge))
    .map(({ start, end }) => ({ start, end: earlier(end, edge) }));
}

export function from(spans: readonly Span[], edge: Instant): Span[] {
  return spans
    .filter(({ end }) => isAfter(end, edge))
    .map(({ start, end }) => ({ start: later(start, edge), end }));
}

function whatIsLeft(span: Span, taken: readonly Span[]): Span[] {
  const left: Span[] = [];
  let { start } = span;
  for (let index = firstEndingAfter(taken, start); index < taken.length; index += 1) {
    const next = taken[index];
    if (!next || !isBefore(next.start, span.end)) break;
    left.push({ start, end: next.start });
    start = next.end;
  }
  return inOrder([...left, { start, end: span.end }]);
}

// By halves, because both lists may have thousands of spans.
function firstEndingAfter(spans: readonly Span[], at: Instant): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAfter(spans[middle]?.end ?? at, at)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Without those that have no length. */
function inOrder(spans: readonly Span[]): Span[] {
  return spans
    .filter(({ start, end }) => isBefore(start, end))
    .sort((a, b) => a.start.epochMilliseconds - b.start.epochMilliseconds || compare(a.start, b.start));
}

function compare(a: Instant, b: Instant): number {
  return isBefore(a, b) ? -1 : isAfter(a, b) ? 1 : 0;
}

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
