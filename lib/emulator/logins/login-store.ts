import { requestTime } from '../exports/export-order.ts';
import { loginsOfDay } from './fake-logins.ts';
import { type LoginRecord, type LoginSource, RECORD_FIELDS } from './login-records.ts';

const DAY = 86_400_000;

/** What to look for. `asOf` is when one looks: what comes later is not known yet. */
export type Search = { start: number; end: number; filters: LoginRecord; asOf: number };

/** The login records whose start lies in `[start, end]` and that match every filter exactly, oldest first. */
export function findLogins(source: LoginSource, { start, end, filters, asOf }: Search): LoginRecord[] {
  const last = Math.min(end, asOf);
  return candidates(source, start, last)
    .filter((login) => {
      const at = requestTime(login.start_time ?? '');
      return at !== undefined && at >= start && at <= last;
    })
    .map((login) => asKnown(login, asOf))
    .filter((login) => matches(login, filters));
}

/** Orders logins by their start, as text. */
export function byStart({ start_time: a = '' }: LoginRecord, { start_time: b = '' }: LoginRecord): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

// A session that is still open has no end, and was last updated when it began.
function asKnown(login: LoginRecord, asOf: number): LoginRecord {
  const { end_time: endTime, ...open } = login;
  if ((requestTime(endTime ?? '') ?? asOf) <= asOf) return login;
  return { ...open, ...(open.start_time ? { update_time: open.start_time } : {}) };
}

function candidates(source: LoginSource, start: number, end: number): readonly LoginRecord[] {
  if (!('seed' in source)) return source.toSorted(byStart);
  const firstDay = Math.floor(start / DAY);
  const days = Math.max(0, Math.floor(end / DAY) - firstDay + 1);
  return Array.from({ length: days }, (_, index) => loginsOfDay(firstDay + index, source)).flat();
}

// A time can be written in several forms; everything else must be the same text.
function matches(login: LoginRecord, filters: LoginRecord): boolean {
  return RECORD_FIELDS.every((field) => {
    const wanted = filters[field];
    if (wanted === undefined) return true;
    const value = login[field] ?? '';
    return field === 'update_time' ? requestTime(value) === requestTime(wanted) : value === wanted;
  });
}

/** The logins of ordinary days and, beside them, those of attacks. */
export function createKnownLogins(ordinary: LoginSource) {
  let attacking: readonly LoginRecord[] = [];

  return {
    /** As `findLogins`, in both. */
    find: (search: Search): LoginRecord[] => {
      const found = findLogins(ordinary, search);
      const attack = findLogins(attacking, search);
      return attack.length === 0 ? found : [...found, ...attack].sort(byStart);
    },
    /** Replaces the logins of attacks. */
    setAttack: (logins: readonly LoginRecord[]): void => {
      attacking = logins;
    },
  };
}
