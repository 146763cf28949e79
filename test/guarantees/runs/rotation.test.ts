import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { ACCESS_KEY, PASSWORD, secretsFile } from '../../support/huawei/start-huawei.ts';
import { createWorld, openStores, type World, type WorldPorts } from '../world.ts';

// The drill of docs/operations.md, "Rotate a secret": a warm function runs nightly and sweeps every hour, and the user does
// the steps between any two of these runs.

const START = '2026-11-20T00:35:00Z';
const NIGHTS = 5;

const NEW_USER = { ...DEMO_ACCOUNT.user, password: 'fake-rotated-password-31c9' };
const SECOND_USER = { ...DEMO_ACCOUNT.user, user: 'second-exporter', password: 'fake-second-password-66d4' };
const NEW_KEY = {
  ...DEMO_ACCOUNT.accessKey,
  accessKeyId: 'FAKEROTATEDKEYID0001',
  secretAccessKey: 'fake-rotated-key-5f02',
};

const store = ({ secrets }: World, secret: unknown) =>
  void secretsFile({ 'huawei/acme': secret }, dirname(secrets));

type Step = (world: World) => void;

const CHANGE_PASSWORD: Step = ({ emulator }) => emulator.setPassword(NEW_USER);
const STORE_PASSWORD: Step = (world) => store(world, { ...PASSWORD, password: NEW_USER.password });
const ADD_USER: Step = ({ emulator }) => emulator.setPassword(SECOND_USER);
const STORE_USER: Step = (world) => store(world, { kind: 'password', ...SECOND_USER });
const ADD_KEY: Step = ({ emulator }) => emulator.setAccessKeys([DEMO_ACCOUNT.accessKey, NEW_KEY]);
const STORE_KEY: Step = (world) =>
  store(world, {
    ...ACCESS_KEY,
    access_key_id: NEW_KEY.accessKeyId,
    secret_access_key: NEW_KEY.secretAccessKey,
  });
const REMOVE_OLD_KEY: Step = ({ emulator }) => emulator.setAccessKeys([NEW_KEY]);

/** Nights with a run and three sweeps each. `steps` are done before the run with that number, counted from 0. */
async function live(world: World, steps: ReadonlyMap<number, Step>): Promise<number> {
  const warm = world.ports();
  let [moment, failures] = [0, 0];
  for (let night = 0; night < NIGHTS; night += 1) {
    for (const scope of ['calendar', 'sweep', 'sweep', 'sweep'] as const) {
      steps.get(moment)?.(world);
      failures += await failuresOf(world, scope, warm);
      world.later({ hours: 1 });
      moment += 1;
    }
    world.later({ hours: 20 });
  }
  return failures;
}

async function failuresOf(world: World, scope: 'calendar' | 'sweep', warm: WorldPorts): Promise<number> {
  const { targets } = await world.run(world.time.now.toString(), scope, warm);
  return targets.reduce((sum, { failed }) => sum + failed.length, 0);
}

async function rotated(secret: unknown, steps: ReadonlyMap<number, Step>) {
  const secrets = secretsFile({ 'huawei/acme': secret });
  const settings = { project_id: DEMO_ACCOUNT.project.id };
  const world = await createWorld(await openStores('SQLite'), { start: START, secrets, settings });
  const failures = await live(world, steps);
  const entries = await world.entries();
  const messages = await world.messages();
  await world.close();
  return { failures, entries, messages };
}

const MOMENTS = Array.from({ length: 12 }, (_, index) => index);

describe('a secret that is rotated', () => {
  it.each(MOMENTS)(
    'as a pair of keys, from moment %i on, fails no run and misses no window',
    async (moment) => {
      const steps = new Map([
        [moment, ADD_KEY],
        [moment + 1, STORE_KEY],
        [moment + 2, REMOVE_OLD_KEY],
      ]);
      const { failures, entries, messages } = await rotated(ACCESS_KEY, steps);
      expect(failures).toBe(0);
      expect(entries.map(({ state }) => state)).toEqual(Array(NIGHTS).fill('confirmed'));
      expect(messages).toHaveLength(NIGHTS);
    },
  );

  it.each(MOMENTS)(
    'as a password, at moment %i and stored an hour or more later, misses no window',
    async (moment) => {
      const steps = new Map([
        [moment, CHANGE_PASSWORD],
        [moment + 1, STORE_PASSWORD],
      ]);
      const { entries, messages } = await rotated(PASSWORD, steps);
      expect(entries.map(({ state }) => state)).toEqual(Array(NIGHTS).fill('confirmed'));
      expect(new Set(messages.map(({ subject }) => subject)).size).toBe(NIGHTS);
    },
  );

  it.each(MOMENTS)(
    'as a second user, from moment %i on, fails no run and misses no window',
    async (moment) => {
      const steps = new Map([
        [moment, ADD_USER],
        [moment + 1, STORE_USER],
      ]);
      const { failures, entries } = await rotated(PASSWORD, steps);
      expect(failures).toBe(0);
      expect(entries.map(({ state }) => state)).toEqual(Array(NIGHTS).fill('confirmed'));
    },
  );

  it('that is never stored is a failure, run after run', async () => {
    const { failures, entries } = await rotated(PASSWORD, new Map([[4, CHANGE_PASSWORD]]));
    expect(failures).toBeGreaterThan(4);
    expect(entries.map(({ state }) => state)).toContain('failed');
  });
});
