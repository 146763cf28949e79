import { describe, expect, it } from 'vitest';
import { namedValues } from '../../../../lib/exports/alerts/events/named-values.ts';

describe('what a finding names', () => {
  it('is trimmed, and stands there once', () => {
    expect(namedValues({ user_name: [' li.wei', 'li.wei ', 'chen.jie'] })).toEqual({
      user_name: ['li.wei', 'chen.jie'],
    });
  });

  it('is left out when it is empty or no text', () => {
    expect(
      namedValues({ user_name: ['', '  ', null, undefined, 7, {}, ['li.wei']], machine_name: [] }),
    ).toEqual({});
  });

  it('is left out when it is longer than the filter may be', () => {
    const longest = 'x'.repeat(255);
    expect(
      namedValues({ user_name: [longest, `${longest}x`], machine_name: [longest, `${longest}x`] }),
    ).toEqual({
      user_name: [longest],
      machine_name: [longest],
    });
  });

  it.each([
    'i-0123456789abcdef0',
    'i-01234567',
    'ip-10-0-3-17',
    'ip-10-0-3-17.eu-central-1.compute.internal',
  ])('is no machine when EC2 made the name up: %s', (name) => {
    expect(namedValues({ machine_name: [name, 'ip-gateway'] })).toEqual({ machine_name: ['ip-gateway'] });
  });

  it('is no address that is not of the internet', () => {
    expect(namedValues({ public_ip: ['10.0.4.9', '198.51.100.7', 'example.com'] })).toEqual({
      public_ip: ['198.51.100.7'],
    });
  });

  it('is an address in one form, once', () => {
    const public_ip = [
      '::ffff:203.0.113.45',
      '203.0.113.45',
      '2001:DB8::7',
      '2001:db8:0::7',
      '203.000.113.045',
    ];
    expect(namedValues({ public_ip })).toEqual({ public_ip: ['203.0.113.45', '2001:db8::7'] });
  });

  it.each([
    'li\u0007wei',
    'li\u001b[2Jwei',
    'li\nwei',
    'li\u2028wei',
    'li\ufffdwei',
    'li\ud83dwei',
    '\u0000',
  ])('is left out when no record can have it: %j', (name) => {
    expect(namedValues({ user_name: [name], machine_name: [name, 'DESK-7'] })).toEqual({
      machine_name: ['DESK-7'],
    });
  });

  it('is without what nobody sees at its ends', () => {
    expect(namedValues({ user_name: ['\ufeffli.wei\u200b'] })).toEqual({ user_name: ['li.wei'] });
  });

  it('is cut where it is more than any rule narrows exports to', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `user-${index}`);
    expect(namedValues({ user_name: many }).user_name).toEqual(many.slice(0, 100));
  });
});
