import type { Instant } from '../../domain/time/instant.ts';
import { parseHttpDate } from './http-date.ts';

type Headers = { 'retry-after'?: string | undefined; date?: string | undefined };

/**
 * The wait that a reply asks for, in milliseconds: a number of seconds, of which some write fractions, or an HTTP date
 * (RFC 9110, 10.2.3), which is compared with the reply's own `Date`, or with `now` where it has none. Undefined when
 * there is none or it cannot be read; a date that has passed means no wait.
 */
export function retryAfterMilliseconds(headers: Headers, now: Instant): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const until = parseHttpDate(text);
  const from = parseHttpDate(headers.date) ?? now;
  return until && Math.max(0, until.epochMilliseconds - from.epochMilliseconds);
}
