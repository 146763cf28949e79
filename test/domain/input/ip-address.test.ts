import { expect, it } from 'vitest';
import { canonicalAddress, filters } from '../../../lib/domain/input/filters.ts';

it.each([
  ['203.0.113.45', '203.0.113.45'],
  ['::ffff:203.0.113.45', '203.0.113.45'],
  ['::FFFF:cb00:712d', '203.0.113.45'],
  ['0:0:0:0:0:ffff:203.0.113.45', '203.0.113.45'],
  ['2001:DB8:0:0::7', '2001:db8::7'],
  ['64:ff9b::203.0.113.45', '64:ff9b::cb00:712d'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['203.0.113', '203.0.113'],
  ['203.000.113.045', '203.000.113.045'],
  ['a:b:c', 'a:b:c'],
  ['corp:li.wei', 'corp:li.wei'],
  ['::1]/x', '::1]/x'],
])('an address %s is written %s', (text, canonical) => {
  expect(canonicalAddress(text)).toBe(canonical);
});

it('filters take addresses in one spelling, and nothing else', () => {
  const mapped = '::ffff:203.0.113.45';
  const address = '203.0.113.45';
  expect(
    filters.parse({ public_ip: mapped, vm_ip: mapped, wi_ip: mapped, virtual_ip: mapped, user_name: mapped }),
  ).toEqual({ public_ip: address, vm_ip: address, wi_ip: address, virtual_ip: address, user_name: mapped });
});
