import { Temporal } from 'temporal-polyfill';
import {
  type Alert,
  type Bands,
  type Inactive,
  NAMED_FILTERS,
  type NamedFilter,
  type Severity,
} from '../../../domain/alerts/alert.ts';
import { FILTER_LENGTHS } from '../../../domain/input/filters.ts';
import { strayIn, withoutStrayEnds } from '../../../domain/stray-characters.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../../domain/time/instant.ts';
import { publicAddress } from './public-address.ts';

/**
 * Every value at a path such as `resource.tags[].value` of a document whose shape nobody vouches for; `[]` goes through
 * a list. What is not there, or not of the shape, is passed over.
 */
export function valuesAt(document: unknown, path: string): unknown[] {
  return path.split('.').reduce<unknown[]>(
    (found, step) => {
      const key = step.replace('[]', '');
      const inner = found.flatMap((value) => ownValue(value, key));
      return step.endsWith('[]') ? inner.flatMap(elements) : inner;
    },
    [document],
  );
}

/** The objects at a path of which the value at `key` is one of `accepted`. */
export function objectsWith(
  document: unknown,
  path: string,
  { key, accepted }: { key: string; accepted: readonly unknown[] },
): unknown[] {
  return valuesAt(document, path).filter((object) => accepted.includes(valuesAt(object, key)[0]));
}

/** Whether the first value at a path is text of a form. */
export function isTextAt(document: unknown, path: string, form: RegExp): boolean {
  const [value] = valuesAt(document, path);
  return typeof value === 'string' && form.test(value);
}

function ownValue(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  return [Reflect.get(value, key)];
}

function elements(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * What a finding names, as an export can be narrowed to it: trimmed, each once, within the length of its filter,
 * addresses in canonical form. Left out is what no login record can have, for an export narrowed to it is empty and
 * reads like "nobody logged in": addresses inside a network (the records hold the address a client comes from the
 * internet with), names that EC2 made up (`i-…`, `ip-10-0-0-1.…`), users of Kubernetes itself (`system:…`), and text
 * that is damaged or has control characters in it.
 */
export function namedValues(found: Partial<Record<NamedFilter, readonly unknown[]>>): Alert['named'] {
  const fitting = NAMED_FILTERS.map((name) => [name, unique(found[name] ?? [], name)] as const);
  return Object.fromEntries(fitting.filter(([, values]) => values.length > 0));
}

/** A user that a finding describes: what it is called, and of what kind it is, when the finding says so. */
export type DescribedUser = { name: unknown; kind: unknown };

/**
 * The names of those who could log in. Of a role, the root user, a service or an account AWS gives the name of that
 * and not of the person behind it.
 * Source: CloudTrail user guide, userIdentity element, type; GuardDuty's `userType` has the same words.
 */
export function loginNames(users: readonly DescribedUser[]): unknown[] {
  return users
    .filter(({ kind }) => !(typeof kind === 'string' && NOT_PEOPLE.test(kind)))
    .map(({ name }) => name);
}

const NOT_PEOPLE = /^(assumedrole|role|root|awsservice|awsaccount|service|system)$/i;

const MADE_BY_EC2 = /^(i-[\da-f]{8,17}|ip-\d+-\d+-\d+-\d+(\..*)?)$/i;

/** The form in which a login record could have the value, if one could. */
const AS_RECORDED: Record<NamedFilter, (value: string) => string | undefined> = {
  public_ip: publicAddress,
  user_name: (value) => (value.startsWith('system:') ? undefined : value),
  machine_name: (value) => (MADE_BY_EC2.test(value) ? undefined : value),
};

// More than any rule narrows exports to: an alert that names so many is exported unfiltered, and needs none of them.
const MOST = 100;

function unique(values: readonly unknown[], name: NamedFilter): string[] {
  const texts = values.filter((value) => typeof value === 'string').map(withoutStrayEnds);
  const found = texts.flatMap((value) => (fits(value, name) ? (AS_RECORDED[name](value) ?? []) : []));
  return [...new Set(found)].slice(0, MOST);
}

function fits(value: string, name: NamedFilter): boolean {
  return value.length > 0 && value.length <= FILTER_LENGTHS[name] && strayIn(value) === undefined;
}

/** What a finding says of when: each side, and the same again, less exactly; machines leave out either as null. */
type Sightings = {
  first: readonly (Instant | null | undefined)[];
  last: readonly (Instant | null | undefined)[];
};

/** When the event with the finding was sent, by its own words, and when it came here. */
type EventTimes = { time: Instant; arrivedAt: Instant };

/**
 * The first and the last sight, in order: of each side the first time that is there and can be right. A side with none
 * is the other one; with none at all both are the event's own time. Nothing was seen later than it was told: of a machine
 * with a fast clock the time of the event is taken instead, which is the same when the event comes again. Undefined where
 * no time at all can be right.
 */
export function activityPeriod(
  { first, last }: Sightings,
  { time, arrivedAt }: EventTimes,
): Pick<Alert, 'firstSeen' | 'lastSeen'> | undefined {
  const exact = (times: Sightings['first']) => times.find((one) => canBeRight(one, arrivedAt));
  const [from, to, sent] = [exact(first), exact(last), exact([time])];
  const start = from ?? to ?? sent;
  const end = to ?? from ?? sent;
  if (!start || !end) return undefined;
  const latest = latestOf(time, arrivedAt);
  // An event that somebody wrapped by hand may bear an old time.
  const told = sent && isAfter(sent, arrivedAt.subtract(A_DAY)) ? sent : arrivedAt;
  const bounded = (sight: Instant) => (isAfter(sight, latest) ? told : sight);
  const [a, b] = [bounded(start), bounded(end)];
  return { firstSeen: earlier(a, b), lastSeen: later(a, b) };
}

/** Until when something may have been seen that an event tells: the clock here may be behind that of who sent it. */
export function latestOf(time: Instant, arrivedAt: Instant): Instant {
  return canBeRight(time, arrivedAt) ? later(time, arrivedAt) : arrivedAt;
}

/** None of what is told here is older: not AWS, and not Workspace. */
export const EARLIEST = Temporal.Instant.from('2000-01-01T00:00:00Z');

const A_DAY = { hours: 24 };
const A_YEAR = { hours: 366 * 24 };

/**
 * Whether a time is one that somebody meant. Programs write `0001-01-01`, `1970-01-01` or `9999-12-31` for a time that
 * they do not have, and years far off for one that they give in another unit.
 */
export function canBeRight(time: Instant | null | undefined, arrivedAt: Instant): time is Instant {
  return time != null && !isBefore(time, EARLIEST) && !isAfter(time, arrivedAt.add(A_YEAR));
}

type Said = { isSample: boolean; inactive?: Inactive | undefined; isPosture?: boolean };

/** What a finding says of itself, as an alert has it: a sample is a sample whatever was done with it since. */
export function findingState({ isSample, inactive, isPosture }: Said): Pick<Alert, 'inactive' | 'isPosture'> {
  const why = isSample ? 'sample' : inactive;
  return { ...(why ? { inactive: why } : {}), ...(isPosture ? { isPosture } : {}) };
}

/** Source: GuardDuty user guide, Sample findings: the title of each begins so. */
export const SAMPLE_TITLE = /^\s*\[SAMPLE\]/;

/**
 * Whether all the types of a finding are of the namespace for compliance and vulnerabilities.
 * Source: Security Hub user guide, Types taxonomy for ASFF.
 */
export function arePostureTypes(types: readonly string[] | null | undefined): boolean {
  return types != null && types.length > 0 && types.every((type) => POSTURE.test(type));
}

const POSTURE = /^Software and Configuration Checks(\/|$)/i;

/** The severity of a number on a scale; none, as nothing is known, is critical. */
export function gradedSeverity(value: number | null | undefined, bands: Bands): Severity {
  if (value === null || value === undefined) return 'critical';
  return DESCENDING.find((severity) => value >= bands[severity]) ?? 'informational';
}

const DESCENDING = ['critical', 'high', 'medium', 'low'] as const;
