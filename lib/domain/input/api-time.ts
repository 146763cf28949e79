import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../time/instant.ts';
import type { Span } from '../time/spans.ts';

/** How times are written in Huawei's request: ISO 8601 in UTC, or `2022-10-31 08:07:39` in a zone of fixed offset. */
export type ApiTime = { format: 'iso8601' | 'blank'; timeZone: string };

/** The two login times of a request, as they are sent. */
export type SentTimes = { loginStartTime: string; loginEndTime: string };

/**
 * The two times for a span, so that no part of the span is left out. The call has whole seconds, and a security finding
 * may have milliseconds: the start is rounded down, the end is rounded up.
 */
export function sentTimes({ start, end }: Span, apiTime: ApiTime): SentTimes {
  const wholeEnd = end.round({ smallestUnit: 'second', roundingMode: 'ceil' });
  return { loginStartTime: formatApiTime(start, apiTime), loginEndTime: formatApiTime(wholeEnd, apiTime) };
}

/**
 * A time as it is sent, rounded down to whole seconds.
 * Huawei's pages show both forms; every official SDK sends the first (API definition WorkspaceApp, 2026-02-06).
 */
export function formatApiTime(at: Instant, { format, timeZone }: ApiTime): string {
  if (format === 'iso8601') return at.toString({ smallestUnit: 'second', roundingMode: 'floor' });
  const local = at.toZonedDateTimeISO(timeZone).toPlainDateTime();
  return local.toString({ smallestUnit: 'second', roundingMode: 'floor' }).replace('T', ' ');
}

/** Whether the zone's clocks may change again: then a local time without an offset can mean two instants. */
export function changesClocks(timeZone: string, since: Instant): boolean {
  return since.toZonedDateTimeISO(timeZone).getTimeZoneTransition('next') !== null;
}

export function isTimeZone(name: string): boolean {
  try {
    new Temporal.ZonedDateTime(0n, name);
    return /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}
