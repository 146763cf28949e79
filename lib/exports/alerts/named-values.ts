import { type Alert, NAMED_FILTERS, type NamedFilter } from '../../domain/alert.ts';
import { FILTER_LENGTHS } from '../../domain/filters.ts';
import { isPublicAddress } from './public-address.ts';

/**
 * What a finding names, as an export can be narrowed to it: trimmed, each once, within the length of its filter. Left
 * out is what no login record can have, for an export narrowed to it is empty and reads like "nobody logged in":
 * addresses inside a network (the records hold the address a client comes from the internet with), names that EC2 made
 * up (`i-…`, `ip-10-0-0-1.…`) and users of Kubernetes itself (`system:…`).
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

const COULD_MATCH: Record<NamedFilter, (value: string) => boolean> = {
  public_ip: isPublicAddress,
  user_name: (value) => !value.startsWith('system:'),
  machine_name: (value) => !MADE_BY_EC2.test(value),
};

function unique(values: readonly unknown[], name: NamedFilter): string[] {
  const texts = values.filter((value) => typeof value === 'string').map((value) => value.trim());
  const fits = (value: string) => value.length > 0 && value.length <= FILTER_LENGTHS[name];
  return [...new Set(texts.filter((value) => fits(value) && COULD_MATCH[name](value)))];
}
