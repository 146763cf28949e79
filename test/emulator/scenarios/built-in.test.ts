import { describe, expect, test } from 'vitest';
import { BUILT_IN_SCENARIOS } from '../../../lib/emulator/scenarios/built-in.ts';
import { parseScenario } from '../../../lib/emulator/scenarios/scenario.ts';
import { NOON, runEmulator, TASKS_PATH } from '../running-emulator.ts';

const HOUR = 3_600_000;

test.each([...BUILT_IN_SCENARIOS])('%s can be read', (_, { about, scenario }) => {
  expect(parseScenario(scenario).steps).not.toEqual([]);
  expect(about).toMatch(/^[A-Z].*\.$/);
});

describe('alert-storm', () => {
  const storm = () => BUILT_IN_SCENARIOS.get('alert-storm') ?? { about: 'missing', scenario: {} };

  test('accepts 20 exports in ten minutes', async () => {
    const { mint, submit, time } = await runEmulator({ scenario: storm().scenario });
    const token = await mint();
    const statuses: number[] = [];
    for (let n = 0; n < 21; n += 1) statuses.push((await submit({}, token)).status);
    expect(statuses).toEqual([...Array(20).fill(200), 429]);
    time.now += 600_000;
    expect((await submit({}, token)).status).toBe(200);
  });

  test('has an attack that goes on, from the address and of the person that it speaks of', async () => {
    const { emulator, time } = await runEmulator({ scenario: storm().scenario, records: [] });
    expect(emulator.records(NOON - 24 * HOUR, NOON)).toHaveLength(241);
    time.now += 2 * HOUR;
    const logins = emulator.records(NOON - 24 * HOUR, time.now);
    expect(logins).toHaveLength(360);
    for (const { public_ip, user_name, failed_code } of logins) {
      expect(storm().about).toContain(`From ${public_ip} somebody tries passwords of ${user_name}`);
      expect(failed_code).toBe('401');
    }
  });

  test('answers late for the task list', async () => {
    const { call, mint } = await runEmulator({ scenario: storm().scenario });
    const headers = { 'x-auth-token': await mint() };
    const before = performance.now();
    expect((await call(TASKS_PATH, { headers })).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(250);
  });
});
