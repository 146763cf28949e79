import type { CallKind } from './routes.ts';

/** The hosts of the cloud: in some regions the export call and the task list live on two. */
export const HOSTS = ['iam', 'export', 'tasks'] as const;
export type Host = (typeof HOSTS)[number];

/** The host that has a call. */
export function hostOf(kind: CallKind): Host {
  return HOST_OF[kind];
}

const HOST_OF: Record<CallKind, Host> = {
  token: 'iam',
  projects: 'iam',
  export: 'export',
  records: 'export',
  tasks: 'tasks',
  download: 'tasks',
};

/**
 * What a host says in `Date`: seconds that it is off from the emulator's clock, `none` for no such header, or any other
 * text as it stands. Absent: the emulator's clock.
 */
export type HostDates = { [Name in Host]?: number | string | undefined };

/** The `Date` header of a reply, as headers. */
export function dateHeader(date: number | string | undefined, now: number): Record<string, string> {
  if (date === 'none') return {};
  if (typeof date === 'string') return { date };
  return { date: new Date(hostTime(date, now)).toUTCString() };
}

/** What a host takes for the time when it names one in a reply. */
export function hostTime(date: number | string | undefined, now: number): number {
  return typeof date === 'number' ? now + date * 1000 : now;
}
