import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../domain/time/instant.ts';

/** The instant of an HTTP `Date`-like header in the form that RFC 9110 (5.6.7) asks of senders, or undefined. */
export function parseHttpDate(text: string | undefined): Instant | undefined {
  const date = new Date(text ?? '');
  // Date reads nearly anything, "1.5" among it, and makes the 3rd of March of the 31st of February.
  const isDate = !Number.isNaN(date.getTime()) && date.toUTCString() === text?.trim();
  return isDate ? Temporal.Instant.fromEpochMilliseconds(date.getTime()) : undefined;
}
