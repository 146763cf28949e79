/**
 * The time in a text of a request, in milliseconds since the epoch (with a fraction, exact to the microsecond);
 * undefined for another text. There are two forms. One is RFC 3339, as in the API definition (`format: date-time`), with
 * any offset and up to nine digits of a second. The other is `2022-10-31 08:07:39`, as on Huawei's pages; those name no
 * zone, so the time is read as UTC.
 */
export function requestTime(text: string): number | undefined {
  const whole = Date.parse(text);
  // A fast path: most records have this form, and a search reads many of them.
  if (text.length === 24 && !Number.isNaN(whole) && new Date(whole).toISOString() === text) return whole;
  const parts = RFC_3339.exec(BLANK.test(text) ? `${text.replace(' ', 'T')}Z` : text)?.groups ?? {};
  const { date = '', time = '', fraction = '', zone = '' } = parts;
  const local = Date.parse(`${date}T${time}Z`);
  // Date.parse reads the 31st of a short month as the 1st of the next month.
  if (!Number.isFinite(local) || !new Date(local).toISOString().startsWith(date)) return undefined;
  return local - offsetOf(zone) + Number(fraction.padEnd(9, '0')) / 1_000_000;
}

const RFC_3339 =
  /^(?<date>\d{4}-\d\d-\d\d)T(?<time>[01]\d:[0-5]\d:[0-5]\d|2[0-3]:[0-5]\d:[0-5]\d)(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

const BLANK = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** Why `requestTime` cannot read a text. */
export function timeIssue(text: string): string {
  return WITHOUT_ZONE.test(text)
    ? 'has no zone; end it with Z or an offset such as +08:00'
    : 'not a time of RFC 3339 such as 2026-11-20T08:00:00Z';
}

const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?$/i;

function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const milliseconds = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -milliseconds : milliseconds;
}
