/**
 * Whether text is an IP address that a login over the internet can come from: not a private, shared, loopback,
 * link-local or unspecified one (RFC 1918, 6598, 1122, 3927, 4193, 4291).
 */
export function isPublicAddress(text: string): boolean {
  const ipv4 = text.toLowerCase().replace(/^::ffff:(?=[\d.]+$)/, '');
  if (IPV4.test(ipv4)) return isPublicIpv4(ipv4);
  return IPV6.test(text) && !NOT_PUBLIC_IPV6.test(text);
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

// Good enough to tell an address from a host name; findings do not carry misspelt addresses.
const IPV6 = /^(?=.*:.*:)[\da-f:.]{2,45}$/i;

// Unspecified and loopback in all spellings, fc00::/7 and fe80::/10.
const NOT_PUBLIC_IPV6 = /^([0:]*:0*1?$|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)/i;

function isPublicIpv4(text: string): boolean {
  const [a = 0, b = 0, ...rest] = text.split('.').map(Number);
  if ([a, b, ...rest].some((byte) => byte > 255)) return false;
  return !NOT_PUBLIC_IPV4.some(({ first, from, to }) => a === first && b >= from && b <= to);
}

const NOT_PUBLIC_IPV4 = [
  { first: 0, from: 0, to: 255 },
  { first: 10, from: 0, to: 255 },
  { first: 100, from: 64, to: 127 },
  { first: 127, from: 0, to: 255 },
  { first: 169, from: 254, to: 254 },
  { first: 172, from: 16, to: 31 },
  { first: 192, from: 168, to: 168 },
];
