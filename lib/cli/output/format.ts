import type { Filters } from '../../domain/input/filters.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import { oneLine } from '../../domain/visible-text.ts';
import { truncateList } from './text.ts';

/** An instant in a zone, to the second, in RFC 3339: the options of commands read this form. */
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

/** The length of all the spans together. */
export function lengthWords(spans: readonly Span[]): string {
  return hoursWords(spans.reduce((sum, { start, end }) => sum + start.until(end).total('hours'), 0));
}

/** Hours for people: in minutes below one hour, in days from 48 hours. */
export function hoursWords(hours: number): string {
  if (hours >= 48) return `${rounded(hours / 24)} days`;
  return hours >= 1 ? `${rounded(hours)} h` : `${Math.floor(hours * 60)} min`;
}

// Rounded down: there must be no less time than is shown.
function rounded(value: number): string {
  return String(Math.floor(value * 10) / 10);
}

/** "1 window", "2 windows". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** ` with public_ip 198.51.100.7`, or nothing. */
export function narrowWords(filters: Filters): string {
  const words = Object.entries(filters).map(([name, value]) => `${name} ${oneLine(value)}`);
  return words.length === 0 ? '' : ` with ${words.join(', ')}`;
}

/** `logins with public_ip 198.51.100.7`, or `all logins`. */
export function loginWords(filters: Filters): string {
  const words = narrowWords(filters);
  return words === '' ? 'all logins' : `logins${words}`;
}

/** A list that stays short in a storm of alerts: each line once, and of many lines the first and the last. */
export function listOf(lines: readonly string[]): string[] {
  return truncateList([...new Set(lines)], { most: 8, first: 5, last: 2 });
}

/** The first three names, and the number of the others. */
export function namesOf(names: readonly string[], nameOf: (name: string) => string = oneLine): string {
  const shown = names.slice(0, 3).map(nameOf).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
