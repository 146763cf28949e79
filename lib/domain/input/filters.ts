import * as z from 'zod/mini';
import { strictObject, visibleLine } from './schema.ts';

/**
 * The filters of the export call with the longest value each may have, in characters; the three time fields are
 * not among them. Whether a filter matches exactly or in part is not documented.
 * Source: Huawei's API definition WorkspaceApp/ExportUserConnection (2026-02-06), request body.
 */
export const FILTER_LENGTHS = {
  id: 64,
  connect_type: 32,
  user_name: 255,
  machine_sid: 128,
  machine_name: 255,
  failed_reason: 255,
  failed_code: 255,
  client_name: 255,
  client_version: 255,
  client_type: 255,
  agent_version: 50,
  vm_ip: 50,
  connect_flag: 50,
  wi_ip: 50,
  public_ip: 50,
  tenant_id: 255,
  virtual_ip: 50,
} as const;

const ADDRESSES: readonly string[] = ['vm_ip', 'wi_ip', 'public_ip', 'virtual_ip'];

/** The filters of an export, by field name of the call. Empty: every login record of the window. */
export type Filters = Record<string, string>;

/**
 * Filters as a person writes them. A misspelt name is an issue with the name that was probably meant. Addresses get one
 * spelling, so that equal filters are one export.
 */
export const filters = z.pipe(
  strictObject(
    Object.fromEntries(
      Object.entries(FILTER_LENGTHS).map(([name, longest]) => [name, z.optional(filterValue(longest))]),
    ),
  ),
  z.transform(
    (values): Filters =>
      Object.fromEntries(
        Object.entries(values)
          .filter((entry): entry is [string, string] => entry[1] !== undefined)
          .map(([name, value]) => [name, ADDRESSES.includes(name) ? canonicalAddress(value) : value]),
      ),
  ),
);

function filterValue(longest: number) {
  return visibleLine().check(
    z.minLength(1, 'must not be empty, but may be left out'),
    z.maxLength(longest, `must have at most ${longest} characters`),
  );
}

/**
 * An IP address in one spelling: IPv6 as RFC 5952 writes it, and an IPv4 address mapped to IPv6 as that IPv4 address. Text
 * that is no whole address stays as it is: whether a filter matches in part is not documented.
 */
export function canonicalAddress(text: string): string {
  if (!/^[\da-f:.]*:[\da-f:.]*$/i.test(text) || !URL.canParse(`http://[${text}]/`)) return text;
  const canonical = canonicalIpv6(text);
  const [, high = '', low = ''] = MAPPED.exec(canonical) ?? [];
  return high === '' ? canonical : dotted(Number.parseInt(high, 16), Number.parseInt(low, 16));
}

const MAPPED = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/;

/** An IPv6 address without a zone as RFC 5952 writes it, all of it in hexadecimal. */
export function canonicalIpv6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** The IPv4 address of two groups of IPv6. */
export function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
