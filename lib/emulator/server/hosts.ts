/** The hosts of the cloud: in some regions the export call and the task list live on two. */
export const HOSTS = ['iam', 'export', 'tasks'] as const;
export type Host = (typeof HOSTS)[number];

/**
 * The `Date` header of each host: a number of seconds that the header differs from the emulator's clock, `none` for no
 * header, or any other text, which is sent as it is. A host that is not named sends the emulator's clock.
 */
export type HostDates = { [Name in Host]?: number | string | undefined };

/** The `Date` header of a reply; empty for `none`. */
export function dateHeader(date: number | string | undefined, now: number): Record<string, string> {
  if (date === 'none') return {};
  if (typeof date === 'string') return { date };
  return { date: new Date(hostTime(date, now)).toUTCString() };
}

/** The time by the clock of a host, in milliseconds since the epoch; replies that name a time use this one. */
export function hostTime(date: number | string | undefined, now: number): number {
  return typeof date === 'number' ? now + date * 1000 : now;
}
