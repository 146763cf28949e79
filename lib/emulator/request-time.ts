const RFC_3339 =
  /^(?<date>\d{4}-\d\d-\d\d)T(?<time>[01]\d:[0-5]\d:[0-5]\d|2[0-3]:[0-5]\d:[0-5]\d)(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

const BLANK = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?$/i;

/**
 * Reads a time of a request, in milliseconds since the epoch (with a fraction, exact to the microsecond); undefined when
 * it is not one. Taken are RFC 3339, as the API definition has it (`format: date-time`): any offset and up to nine
 * digits of a second; and `2022-10-31 08:07:39` of Huawei's pages, which is read as UTC (they name no zone).
 */
export function requestTime(text: string): number | undefined {
  const whole = Date.parse(text);
  // Most records are written like this, and a search reads many.
  if (text.length === 24 && !Number.isNaN(whole) && new Date(whole).toISOString() === text) return whole;
  const parts = RFC_3339.exec(BLANK.test(text) ? `${text.replace(' ', 'T')}Z` : text)?.groups ?? {};
  const { date = '', time = '', fraction = '', zone = '' } = parts;
  const local = Date.parse(`${date}T${time}Z`);
  // The 31st of a short month would be read as the 1st of the next.
  if (!Number.isFinite(local) || !new Date(local).toISOString().startsWith(date)) return undefined;
  return local - offsetOf(zone) + Number(fraction.padEnd(9, '0')) / 1_000_000;
}

/** What is wrong with a text that `requestTime` does not take. */
export function timeFault(text: string): string {
  return WITHOUT_ZONE.test(text)
    ? 'has no zone; end it with Z or an offset such as +08:00'
    : 'not a time of RFC 3339 such as 2026-11-20T08:00:00Z';
}

function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const milliseconds = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -milliseconds : milliseconds;
}
