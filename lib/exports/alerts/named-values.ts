import { type Alert, NAMED_FILTERS, type NamedFilter } from '../../domain/alert.ts';
import { FILTER_LENGTHS } from '../../domain/filters.ts';
import { strayIn, withoutStrayEnds } from '../../domain/stray-characters.ts';
import { publicAddress } from './public-address.ts';

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
