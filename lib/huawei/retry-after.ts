import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../domain/instant.ts';

type Headers = { 'retry-after'?: string | undefined; date?: string | undefined };

/**
 * The wait that a reply asks for, in milliseconds: a number of seconds, of which some write fractions, or an HTTP date
 * (RFC 9110, 10.2.3), which is held against the reply's own `Date`; `now` stands for one that it lacks. Undefined when
 * there is none or it cannot be read; a date that has passed means no wait.
 */
export function retryAfterMilliseconds(headers: Headers, now: Instant): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const until = parseHttpDate(text);
  const from = parseHttpDate(headers.date) ?? now;
  return until && Math.max(0, until.epochMilliseconds - from.epochMilliseconds);
}

/** The instant of an HTTP `Date`-like header in the form that RFC 9110 (5.6.7) asks of senders, or undefined. */
export function parseHttpDate(text: string | undefined): Instant | undefined {
  const date = new Date(text ?? '');
  // Date reads nearly anything, "1.5" among it, and makes the 3rd of March of the 31st of February.
  const isDate = !Number.isNaN(date.getTime()) && date.toUTCString() === text?.trim();
  return isDate ? Temporal.Instant.fromEpochMilliseconds(date.getTime()) : undefined;
}
