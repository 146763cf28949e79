import { expect, test } from 'vitest';
import { findLogins } from '../../../lib/emulator/logins/login-store.ts';
import { DAY, MINUTE, NOON } from '../running-emulator.ts';

const SEED = { seed: 7, perDay: 30 };
const MONTH = { start: NOON - 30 * DAY, end: NOON, asOf: NOON };

const at = (offset: number) => new Date(NOON + offset).toISOString();

test('both ends of the time belong to it', () => {
  const logins = [-1, 0, MINUTE, MINUTE + 1].map((offset) => ({
    id: String(offset),
    start_time: at(offset),
  }));
  const search = { start: NOON, end: NOON + MINUTE, filters: {}, asOf: NOON + DAY };
  expect(findLogins(logins, search).map(({ id }) => id)).toEqual(['0', String(MINUTE)]);
});

test('a list is given back oldest first, without logins that have no start', () => {
  const logins = [{ id: 'late', start_time: at(-1) }, { id: 'none' }, { id: 'early', start_time: at(-2) }];
  expect(findLogins(logins, { ...MONTH, filters: {} }).map(({ id }) => id)).toEqual(['early', 'late']);
});

test('a text filter matches the whole text and nothing else', () => {
  const logins = ['ann', 'anna', 'Ann'].map((name) => ({ user_name: name, start_time: at(-1) }));
  expect(findLogins(logins, { ...MONTH, filters: { user_name: 'ann' } })).toHaveLength(1);
  expect(findLogins(logins, { ...MONTH, filters: { user_name: 'ann', vm_ip: '10.0.0.1' } })).toEqual([]);
});

test('a filter on the last update means the instant, however it is written', () => {
  const logins = [{ start_time: at(-MINUTE), update_time: '2026-11-20T11:59:30.000Z' }];
  for (const text of ['2026-11-20T11:59:30Z', '2026-11-20 11:59:30'])
    expect(findLogins(logins, { ...MONTH, filters: { update_time: text } })).toHaveLength(1);
  expect(findLogins(logins, { ...MONTH, filters: { update_time: '2026-11-20T11:59:31Z' } })).toEqual([]);
});

test('a session that is still open has no end', () => {
  const login = { start_time: at(-MINUTE), end_time: at(MINUTE), update_time: at(MINUTE) };
  expect(findLogins([login], { ...MONTH, filters: {} })).toEqual([
    { start_time: at(-MINUTE), update_time: at(-MINUTE) },
  ]);
  expect(findLogins([login], { ...MONTH, filters: {}, asOf: NOON + MINUTE })).toEqual([login]);
});

test('days side by side find every made-up login of the time, and each once', () => {
  const first = Date.parse('2026-10-22T00:00:00Z');
  const search = { filters: {}, asOf: NOON };
  const whole = findLogins(SEED, { ...search, start: first, end: first + 29 * DAY - 1 }).map(({ id }) => id);
  const days = Array.from({ length: 29 }, (_, day) => {
    const start = first + day * DAY;
    return findLogins(SEED, { ...search, start, end: start + DAY - 1 });
  });
  expect(days.flat().map(({ id }) => id)).toEqual(whole);
  expect(new Set(whole).size).toBe(29 * SEED.perDay);
});

test('nothing is known of the future', () => {
  const found = findLogins(SEED, { start: NOON, end: NOON + DAY, filters: {}, asOf: NOON });
  expect(found).toEqual([]);
});
