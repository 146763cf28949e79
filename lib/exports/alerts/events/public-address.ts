import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { canonicalIpv6, dotted } from '../../../domain/input/filters.ts';

/**
 * The address in a text, if a login over the internet can come from it: IPv4 as four plain numbers, IPv6 as in RFC 5952,
 * without brackets and port. An IPv4 address written as IPv6 (mapped, or of NAT64) becomes that IPv4 address. Undefined for
 * other text, for an address with a zone, and for an address that is not globally reachable.
 * Source: IANA, special-purpose address registries of IPv4 and IPv6, and the IPv6 global unicast assignments.
 */
export function publicAddress(text: string): string | undefined {
  const address = withoutPort(text);
  if (isIPv4(address)) return publicIpv4(address);
  return isIPv6(address) && !address.includes('%') ? publicIpv6(address) : undefined;
}

function publicIpv4(address: string): string | undefined {
  return NOT_PUBLIC.check(address, 'ipv4') ? undefined : address;
}

function publicIpv6(address: string): string | undefined {
  const canonical = canonicalIpv6(address);
  const embedded = embeddedIpv4(groupsOf(canonical));
  const inside = embedded && publicIpv4(embedded.address);
  if (embedded?.isAnotherName) return inside;
  return isAssigned(canonical) && (!embedded || inside) ? canonical : undefined;
}

// Findings of other products than AWS's write `203.0.113.45:443` and `[2001:db8::7]:443`.
function withoutPort(text: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/.exec(text) ?? [];
  return bracketed ?? plain ?? text;
}

// The documentation addresses 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 and 2001:db8::/32 count as public: documents,
// samples and rehearsals use them to show what happens with an address on the internet.
const NOT_PUBLIC = blockListOf('ipv4', [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'],
]);

// Only 2000::/3 is assigned to hosts on the internet; the rest is loopback, private, link-local, multicast or reserved.
// In 2001::/23, which is for protocols, only Teredo (2001::/32) has hosts.
const ASSIGNED = blockListOf('ipv6', ['2000::/3']);
const FOR_PROTOCOLS = blockListOf('ipv6', ['2001::/23']);
const TEREDO = blockListOf('ipv6', ['2001::/32']);

function isAssigned(address: string): boolean {
  if (!ASSIGNED.check(address, 'ipv6')) return false;
  return !FOR_PROTOCOLS.check(address, 'ipv6') || TEREDO.check(address, 'ipv6');
}

type Groups = readonly number[];

/** The IPv4 address inside an IPv6 address. `isAnotherName`: it is the host itself, and not a tunnel to the host. */
function embeddedIpv4(groups: Groups): { address: string; isAnotherName: boolean } | undefined {
  const [, second = 0, third = 0] = groups;
  const [high = 0, low = 0] = groups.slice(6);
  const start = groups.map((group) => group.toString(16)).join(':');
  if (/^(0:0:0:0:0:ffff|64:ff9b:0:0:0:0):/.test(start))
    return { address: dotted(high, low), isAnotherName: true };
  // In 6to4 it follows 2002; in Teredo it comes last, with every bit inverted.
  if (start.startsWith('2002:')) return { address: dotted(second, third), isAnotherName: false };
  if (!start.startsWith('2001:0:')) return undefined;
  return { address: dotted(high ^ 0xffff, low ^ 0xffff), isAnotherName: false };
}

/** The eight numbers of an address in canonical form. */
function groupsOf(canonical: string): Groups {
  const [head = [], tail = []] = canonical.split('::').map((part) =>
    part
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16)),
  );
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function blockListOf(family: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
