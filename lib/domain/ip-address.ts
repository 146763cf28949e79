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
