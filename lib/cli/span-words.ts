import type { Instant } from '../domain/instant.ts';
import type { Span } from '../domain/span.ts';

/** An instant in a zone, to the second, as RFC 3339: it can be given back as an option's value. */
export function timeWords(at: Instant, timeZone: string): string {
  return at.toString({ timeZone, smallestUnit: 'second' }).replace(/\+00:00$/, 'Z');
}

export function spanWords(span: Span, timeZone: string): string {
  const { start, end } = spanTimes(span, timeZone);
  return `${start} to ${end}`;
}

/** Both ends of a span, as `timeWords`. */
export function spanTimes({ start, end }: Span, timeZone: string): Record<'start' | 'end', string> {
  return { start: timeWords(start, timeZone), end: timeWords(end, timeZone) };
}

/** How long all the spans are together. */
export function lengthWords(spans: readonly Span[]): string {
  return hoursWords(spans.reduce((sum, { start, end }) => sum + start.until(end).total('hours'), 0));
}

/** Hours for people: minutes below one hour, days above two of them. */
export function hoursWords(hours: number): string {
  if (hours >= 48) return `${rounded(hours / 24)} days`;
  return hours >= 1 ? `${rounded(hours)} h` : `${Math.floor(hours * 60)} min`;
}

// Down: nobody should think that there is more time than there is.
function rounded(value: number): string {
  return String(Math.floor(value * 10) / 10);
}

/** "1 window", "2 windows". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
