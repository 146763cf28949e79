import { expect, test } from 'vitest';
import { loginsOfDay } from '../../../lib/emulator/logins/fake-logins.ts';
import { RECORD_FIELDS } from '../../../lib/emulator/logins/login-records.ts';

const DAY_NUMBER = Math.floor(Date.parse('2026-11-20T00:00:00Z') / 86_400_000);
const day = (seed: number, number = DAY_NUMBER, perDay = 200) => loginsOfDay(number, { seed, perDay });

test('the same seed and day give the same logins, another seed or day gives others', () => {
  expect(day(1)).toEqual(day(1));
  expect(day(2)).not.toEqual(day(1));
  expect(day(1, DAY_NUMBER + 1)).not.toEqual(day(1));
});

test('the logins lie in their day, in order, and no two have an id in common', () => {
  const logins = [...day(1), ...day(1, DAY_NUMBER + 1)];
  const starts = logins.map((login) => login.start_time ?? '');
  expect(starts).toEqual(starts.toSorted());
  expect(starts[0]).toMatch(/^2026-11-20T00:/);
  expect(starts.at(-1)).toMatch(/^2026-11-21T23:/);
  expect(new Set(logins.map(({ id }) => id)).size).toBe(400);
});

test('every documented field occurs, and no other', () => {
  const names = new Set(day(1).flatMap((login) => Object.keys(login)));
  expect([...names].sort()).toEqual([...RECORD_FIELDS].sort());
});

test('some logins fail with a code, most succeed, and some are never closed', () => {
  const logins = day(1);
  const failed = logins.filter((login) => login.failed_code);
  expect(failed.length).toBeGreaterThan(5);
  expect(failed.length).toBeLessThan(40);
  expect(
    failed.every((login) => login.failed_reason && login.start_time === (login.end_time ?? login.start_time)),
  ).toBe(true);
  expect(logins.some((login) => !('end_time' in login))).toBe(true);
});
