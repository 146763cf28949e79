import { expect, test } from 'vitest';
import { attackLogins, loginsOfDay } from '../../../lib/emulator/logins/fake-logins.ts';
import { RECORD_FIELDS } from '../../../lib/emulator/logins/login-records.ts';
import { DAY, MINUTE, NOON } from '../running-emulator.ts';

const HOUR_LONG = { from: '2026-11-20T10:00:00Z', to: '2026-11-20T11:00:00Z', logins: 60, failed: false };

test('the logins are spread evenly from the start of the attack to before its end', () => {
  const starts = attackLogins([{ ...HOUR_LONG, logins: 4 }], NOON).map(({ start_time }) => start_time);
  expect(starts).toEqual([
    '2026-11-20T10:00:00.000Z',
    '2026-11-20T10:15:00.000Z',
    '2026-11-20T10:30:00.000Z',
    '2026-11-20T10:45:00.000Z',
  ]);
});

test('all come from the address, of the person, at the machine that were named', () => {
  const named = { public_ip: '203.0.113.45', user_name: 'li.wei', machine_name: 'APS-9' };
  for (const login of attackLogins([{ ...HOUR_LONG, ...named }], NOON)) expect(login).toMatchObject(named);
});

test('what was not named is made up once for the whole attack, with an address of its own', () => {
  const logins = attackLogins([HOUR_LONG, HOUR_LONG], NOON);
  const who = new Set(
    logins.map(({ public_ip, user_name, machine_name }) => `${public_ip} ${user_name} ${machine_name}`),
  );
  expect([...who]).toEqual([
    '203.0.113.251 user001@demo-company.example APS-DEMO1',
    '203.0.113.252 user001@demo-company.example APS-DEMO1',
  ]);
});

test('of an attack that failed no login got in, of another each did', () => {
  const [failed, good] = [true, false].map((isFailed) =>
    attackLogins([{ ...HOUR_LONG, failed: isFailed }], NOON),
  );
  expect(new Set(failed?.map(({ failed_code }) => failed_code))).toEqual(new Set(['401']));
  expect(failed?.every((login) => (login.end_time ?? login.start_time) === login.start_time)).toBe(true);
  expect(new Set(good?.map(({ failed_code }) => failed_code))).toEqual(new Set(['']));
});

test('the same attacks give the same logins, and no two logins an id in common', () => {
  const logins = attackLogins([HOUR_LONG, HOUR_LONG], NOON);
  expect(attackLogins([HOUR_LONG, HOUR_LONG], NOON + DAY)).toEqual(logins);
  const ordinary = loginsOfDay(Math.floor(NOON / DAY), { seed: 1, perDay: 100 });
  expect(new Set([...logins, ...ordinary].map(({ id }) => id)).size).toBe(220);
  for (const login of logins) for (const field of Object.keys(login)) expect(RECORD_FIELDS).toContain(field);
});

test('an attack that is told by its distance from the start moves with it', () => {
  const relative = { ...HOUR_LONG, from: '-PT2H', to: '-PT1H' };
  expect(attackLogins([relative], NOON)).toEqual(attackLogins([HOUR_LONG], 0));
  expect(attackLogins([relative], NOON + MINUTE)[0]?.start_time).toBe('2026-11-20T10:01:00.000Z');
});
