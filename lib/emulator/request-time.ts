const FORM = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d(?:\.\d{3})?)Z| (\d\d:\d\d:\d\d))$/;

/**
 * Reads a time of a request, in milliseconds since the epoch; undefined when it is not one. Taken are the forms that
 * Huawei's pages and SDKs show: `2022-10-31T08:07:39Z`, the same with milliseconds, and `2022-10-31 08:07:39`,
 * which is read as UTC (the pages name no zone).
 */
export function requestTime(text: string): number | undefined {
  const [, date, time, blankTime] = FORM.exec(text) ?? [];
  if (!date) return undefined;
  const at = Date.parse(`${date}T${time ?? blankTime}Z`);
  // The 31st of a short month would be read as the 1st of the next.
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(date) ? at : undefined;
}
