import { loginsOfDay } from './fake-logins.ts';
import { type LoginRecord, type LoginSource, RECORD_FIELDS } from './login-records.ts';
import { requestTime } from './request-time.ts';

const DAY = 86_400_000;

/** A search, as at the time `asOf`: later logins, and later ends of sessions, are not known yet. */
type Search = { start: number; end: number; filters: LoginRecord; asOf: number };

/** The logins of ordinary days, and the logins of attacks. */
export function createLoginStore(ordinary: LoginSource) {
  let attacking: readonly LoginRecord[] = [];

  return {
    /** Searches both, as `findLogins` does. */
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

/** The login records that start in `[start, end]` and match every filter exactly, oldest first. */
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

// A session that is still open has no end. Its last update is its start.
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

// Two texts can name the same time. All other fields are compared as text.
function matches(login: LoginRecord, filters: LoginRecord): boolean {
  return RECORD_FIELDS.every((field) => {
    const wanted = filters[field];
    if (wanted === undefined) return true;
    const value = login[field] ?? '';
    return field === 'update_time' ? requestTime(value) === requestTime(wanted) : value === wanted;
  });
}
