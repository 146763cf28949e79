import { expect, test } from 'vitest';
import { findLogins } from '../../../lib/emulator/logins/login-store.ts';
import type { ScenarioInput } from '../../../lib/emulator/scenarios/scenario.ts';
import { DAY, MINUTE, NOON, runEmulator, TASKS_PATH } from '../running-emulator.ts';

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

test('days side by side find every fake login of the time, and each once', () => {
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

const ADDRESS = '203.0.113.254';
const ATTACK = { from: '-PT2H', to: 'PT2H', logins: 240, public_ip: ADDRESS };
const HOUR = 3_600_000;

/** An emulator under an attack; `download` exports and resolves to the rows of the file. */
async function underAttack(scenario: ScenarioInput = { attacks: [ATTACK] }) {
  const running = await runEmulator({ scenario, taskCreatingSeconds: 0 });
  const token = await running.mint();
  const download = async (body: object) => {
    const { task_id: id } = (await (await running.submit(body, token)).json()) as { task_id: string };
    const file = await running.call(`${TASKS_PATH}/${id}/download`, { headers: { 'x-auth-token': token } });
    return (await file.text()).trimEnd().split('\r\n').slice(1);
  };
  return { ...running, download };
}

function between(from: number, to: number): object {
  const text = (at: number) => new Date(at).toISOString();
  return { login_start_time: text(from), login_end_time: text(to) };
}

test('an export that asks for the address finds the logins of the attack and no other', async () => {
  const { download } = await underAttack();
  const rows = await download({ ...between(NOON - 2 * HOUR, NOON - HOUR - 1), public_ip: ADDRESS });
  expect(rows).toHaveLength(60);
  expect(rows.filter((row) => !row.includes(ADDRESS))).toEqual([]);
});

test('neither outside its time nor under another address is anything of the attack found', async () => {
  const { download } = await underAttack();
  const address = { public_ip: ADDRESS };
  expect(await download({ ...between(NOON - 8 * HOUR, NOON - 2 * HOUR - 1), ...address })).toEqual([]);
  const others = await download({ ...between(NOON - 2 * HOUR, NOON), public_ip: '198.51.100.7' });
  expect(others.filter((row) => row.includes(ADDRESS))).toEqual([]);
});

test('the logins of the attack are among those of an ordinary day, oldest first', async () => {
  const { emulator } = await underAttack();
  const quiet = await underAttack({});
  const day = [NOON - 12 * HOUR, NOON] as const;
  const starts = emulator.records(...day).map(({ start_time }) => start_time ?? '');
  expect(starts).toEqual(starts.toSorted());
  const ordinary = emulator.records(...day).filter(({ public_ip }) => public_ip !== ADDRESS);
  expect(ordinary).toEqual(quiet.emulator.records(...day));
  expect(ordinary.length).toBeGreaterThan(10);
  expect(starts).toHaveLength(ordinary.length + 121);
});

test('what of an attack is still to come is known once it has', async () => {
  const { download, time } = await underAttack();
  const address = { public_ip: ADDRESS };
  const untilSoon = between(NOON - 2 * HOUR, NOON + 4 * MINUTE);
  expect(await download({ ...untilSoon, ...address })).toHaveLength(121);
  time.now += 3 * HOUR;
  expect(await download({ ...between(NOON - 2 * HOUR, time.now), ...address })).toHaveLength(240);
});

test('another scenario ends the attack, and one that is set later counts from then', async () => {
  const { emulator, time } = await underAttack();
  const seen = () => emulator.records(NOON - 2 * HOUR, time.now + HOUR).map(({ public_ip: ip }) => ip);
  emulator.setScenario({});
  expect(seen()).not.toContain(ADDRESS);
  time.now += HOUR;
  emulator.setScenario({ attacks: [{ ...ATTACK, from: '-PT30M', to: 'PT0S' }] });
  const [first] = emulator.records(NOON - HOUR, time.now).filter(({ public_ip: ip }) => ip === ADDRESS);
  expect(first?.start_time).toBe(new Date(NOON + HOUR / 2).toISOString());
});
