import dns from 'node:dns';
import { isIPv6 } from 'node:net';
import { vi } from 'vitest';

type Found = (error: null, addresses: { address: string; family: number }[]) => void;

/** Resolves every name to these addresses, until `mockRestore` of the result. */
export function lookUpAs(addresses: readonly string[]) {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  const lookup = (_: string, __: object, callback: Found) => callback(null, found);
  return vi.spyOn(dns, 'lookup').mockImplementation(lookup as never);
}
