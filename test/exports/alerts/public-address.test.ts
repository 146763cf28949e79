import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../lib/exports/alerts/public-address.ts';

describe('an address that a login over the internet can come from', () => {
  it.each([
    ...['198.51.100.7', '203.0.113.10', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'],
    ...[
      '169.253.0.1',
      '172.15.255.255',
      '172.32.0.0',
      '192.167.1.1',
      '192.169.1.1',
      '126.1.1.1',
      '128.0.0.1',
    ],
    ...['2001:db8::7', '2A00:1450:4001:81B::200E', 'fec0::1', 'fb00::1', '::ffff:203.0.113.5'],
  ])('may be %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ...['10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.168.1.1', '0.0.0.0', '::', '::1', '0:0:0:0:0:0:0:1', '0::0'],
    ...[
      'fc00::1',
      'FD12:3456::1',
      'fe80::1',
      'febf::1',
      'fe80::1%eth0',
      '::ffff:10.0.0.1',
      '::FFFF:192.168.1.1',
    ],
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    '',
    'AWS Internal',
    's3.amazonaws.com',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.10:443',
    '12:34',
  ])('is not what is no address: %s', (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });
});
