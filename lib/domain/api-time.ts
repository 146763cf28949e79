import { Temporal } from 'temporal-polyfill';
import type { Instant } from './instant.ts';

/** How times are written in Huawei's request: ISO 8601 in UTC, or `2022-10-31 08:07:39` in a zone of fixed offset. */
export type ApiTime = { format: 'iso8601' | 'blank'; timeZone: string };

/**
 * The literal that goes on the wire, in whole seconds: what is left of a second is cut off.
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
