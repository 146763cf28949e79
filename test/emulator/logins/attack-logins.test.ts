import { expect, test } from 'vitest';
import { attackLogins } from '../../../lib/emulator/logins/attack-logins.ts';
import { loginsOfDay } from '../../../lib/emulator/logins/fake-logins.ts';
import { RECORD_FIELDS } from '../../../lib/emulator/logins/login-records.ts';
import { DAY, NOON } from '../running-emulator.ts';

const HOUR_LONG = {
  start: Date.parse('2026-11-20T10:00:00Z'),
  end: Date.parse('2026-11-20T11:00:00Z'),
  logins: 60,
  failed: false,
};

test('the logins are spread evenly from the start of the attack to before its end', () => {
  const starts = attackLogins([{ ...HOUR_LONG, logins: 4 }]).map(({ start_time }) => start_time);
  expect(starts).toEqual([
    '2026-11-20T10:00:00.000Z',
    '2026-11-20T10:15:00.000Z',
    '2026-11-20T10:30:00.000Z',
    '2026-11-20T10:45:00.000Z',
  ]);
});

test('all logins have the address, the user and the machine of the attack', () => {
  const named = { public_ip: '203.0.113.45', user_name: 'li.wei', machine_name: 'APS-9' };
  for (const login of attackLogins([{ ...HOUR_LONG, ...named }])) expect(login).toMatchObject(named);
});

test('absent fields get one fake value for the whole attack, and each attack has an address of its own', () => {
  const logins = attackLogins([HOUR_LONG, HOUR_LONG]);
  const who = new Set(
    logins.map(({ public_ip, user_name, machine_name }) => `${public_ip} ${user_name} ${machine_name}`),
  );
  expect([...who]).toEqual([
    '203.0.113.251 user001@demo-company.example APS-DEMO1',
    '203.0.113.252 user001@demo-company.example APS-DEMO1',
  ]);
});

test('every login of a failed attack fails, and every login of another attack succeeds', () => {
  const [failed, good] = [true, false].map((isFailed) => attackLogins([{ ...HOUR_LONG, failed: isFailed }]));
  expect(new Set(failed?.map(({ failed_code }) => failed_code))).toEqual(new Set(['401']));
  expect(failed?.every((login) => (login.end_time ?? login.start_time) === login.start_time)).toBe(true);
  expect(new Set(good?.map(({ failed_code }) => failed_code))).toEqual(new Set(['']));
});

test('the same attacks give the same logins, and no two logins an id in common', () => {
  const logins = attackLogins([HOUR_LONG, HOUR_LONG]);
  expect(attackLogins([HOUR_LONG, HOUR_LONG])).toEqual(logins);
  const ordinary = loginsOfDay(Math.floor(NOON / DAY), { seed: 1, perDay: 100 });
  expect(new Set([...logins, ...ordinary].map(({ id }) => id)).size).toBe(220);
  for (const login of logins) for (const field of Object.keys(login)) expect(RECORD_FIELDS).toContain(field);
});
