import { type Alert, NAMED_FILTERS, type NamedFilter } from '../../../domain/alerts/alert.ts';
import { FILTER_LENGTHS } from '../../../domain/input/filters.ts';
import { strayIn, withoutStrayEnds } from '../../../domain/stray-characters.ts';
import { publicAddress } from './public-address.ts';

/**
 * The values of a finding to which an export can be narrowed: trimmed, each once, within the length of its filter,
 * addresses in canonical form. Left out are values that no login record can have, because an export narrowed to one of
 * them is empty and looks like "nobody logged in": private addresses (records have the client's address on the internet),
 * names that EC2 generated (`i-…`, `ip-10-0-0-1.…`), users of Kubernetes itself (`system:…`), and text that is damaged or
 * has control characters.
 */
export function namedValues(found: Partial<Record<NamedFilter, readonly unknown[]>>): Alert['named'] {
  const fitting = NAMED_FILTERS.map((name) => [name, unique(found[name] ?? [], name)] as const);
  return Object.fromEntries(fitting.filter(([, values]) => values.length > 0));
}

/** A user in a finding: the name, and the kind where the finding says it. */
export type DescribedUser = { name: unknown; kind: unknown };

/**
 * The names of users who could log in. For a role, the root user, a service or an account AWS gives the name of that, and
 * not of the person who uses it.
 * Source: CloudTrail user guide, userIdentity element, type; GuardDuty's `userType` has the same words.
 */
export function loginNames(users: readonly DescribedUser[]): unknown[] {
  return users
    .filter(({ kind }) => !(typeof kind === 'string' && NOT_A_PERSON.test(kind)))
    .map(({ name }) => name);
}

const NOT_A_PERSON = /^(assumedrole|role|root|awsservice|awsaccount|service|system)$/i;

function unique(values: readonly unknown[], name: NamedFilter): string[] {
  const texts = values.filter((value) => typeof value === 'string').map(withoutStrayEnds);
  const found = texts.flatMap((value) => (fits(value, name) ? (AS_RECORDED[name](value) ?? []) : []));
  return [...new Set(found)].slice(0, MOST);
}

// More than any rule narrows exports to: with so many values the export is unfiltered and needs none of them.
const MOST = 100;

function fits(value: string, name: NamedFilter): boolean {
  return value.length > 0 && value.length <= FILTER_LENGTHS[name] && strayIn(value) === undefined;
}

/** The form in which a login record could have the value, if one could. */
const AS_RECORDED: Record<NamedFilter, (value: string) => string | undefined> = {
  public_ip: publicAddress,
  user_name: (value) => (value.startsWith('system:') ? undefined : value),
  machine_name: (value) => (MADE_BY_EC2.test(value) ? undefined : value),
};

const MADE_BY_EC2 = /^(i-[\da-f]{8,17}|ip-\d+-\d+-\d+-\d+(\..*)?)$/i;
