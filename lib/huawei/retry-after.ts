import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../domain/instant.ts';

/**
 * The wait that a `Retry-After` header asks for, in milliseconds from `now`: a number of seconds or an HTTP date
 * (RFC 9110, 10.2.3). Undefined when there is none or it cannot be read; a date that has passed means no wait.
 */
export function retryAfterMilliseconds(header: string | undefined, now: Instant): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = parseHttpDate(text);
  return date === undefined ? undefined : Math.max(0, date.epochMilliseconds - now.epochMilliseconds);
}

/** The instant of an HTTP `Date`-like header, or undefined. */
export function parseHttpDate(text: string | undefined): Instant | undefined {
  const milliseconds = text && IMF_FIXDATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : Temporal.Instant.fromEpochMilliseconds(milliseconds);
}

// Date.parse alone reads nearly anything as a date, "1.5" and "-5" among them.
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
