import { expect, test } from 'vitest';
import type { ScenarioInput } from '../../../lib/emulator/scenarios/scenario.ts';
import { MINUTE, NOON, runEmulator, TASKS_PATH } from '../running-emulator.ts';

const ADDRESS = '203.0.113.254';
const ATTACK = { from: '-PT2H', to: 'PT2H', logins: 240, public_ip: ADDRESS };
const HOUR = 3_600_000;

/** An emulator from whose exports the files are fetched, row by row. */
async function underAttack(scenario: ScenarioInput = { attacks: [ATTACK] }) {
  const running = await runEmulator({ scenario, taskCreatingSeconds: 0 });
  const token = await running.mint();
  const download = async (body: object) => {
    const { task_id: id } = (await (await running.order(body, token)).json()) as { task_id: string };
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

test('the logins of the attack stand among those of an ordinary day, oldest first', async () => {
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
