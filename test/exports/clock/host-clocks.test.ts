import { Temporal } from 'temporal-polyfill';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Target, target as targetSchema } from '../../../lib/domain/input/target.ts';
import { createEmulator } from '../../../lib/emulator/emulator.ts';
import type { ScenarioInput } from '../../../lib/emulator/scenarios/scenario.ts';
import { createHostClocks } from '../../../lib/exports/clock/host-clocks.ts';
import { createVendorHosts } from '../../../lib/huawei/host-time.ts';
import type { TargetClock } from '../../../lib/run-ports.ts';

const NOW = Temporal.Instant.from('2026-11-23T00:35:00Z');
const NOBODY = 'http://127.0.0.1:9';
const never = new AbortController().signal;

type Dates = NonNullable<ScenarioInput['dates']>;

/**
 * Three hosts whose time is `NOW`, but for `dates`, and a machine whose clock is `machine.now` and whose milliseconds
 * are `machine.uptime`.
 */
async function threeHosts(dates: Dates = {}) {
  const emulator = createEmulator({ clock: () => NOW.epochMilliseconds, separateHosts: true });
  const { origins } = await emulator.listen();
  onTestFinished(() => emulator.close());
  const tell = (others: Dates) => emulator.setScenario({ steps: [], dates: others });
  tell(dates);
  const machine = { now: NOW, uptime: 5_000 };
  const clocks = createHostClocks(createVendorHosts(), {
    clock: () => machine.now,
    uptime: () => machine.uptime,
  });
  const targetWith = (endpoints: Partial<typeof origins> = {}, id = 'acme'): Target =>
    targetSchema.parse({
      id,
      region: 'ap-southeast-3',
      project_id: 'a'.repeat(32),
      credential: 'c',
      endpoints: { ...origins, ...endpoints },
    });
  const asked = () => emulator.requests().map(({ host }) => host);
  return { clocks, machine, origins, tell, targetWith, asked };
}

describe('the time at a target', () => {
  it('is that of its export host, and goes on with the milliseconds of the machine alone', async () => {
    const { clocks, machine, targetWith } = await threeHosts();
    const time = known(await clocks.open()(targetWith(), never));
    expect(time).toMatchObject({ aheadSeconds: 0 });
    expect(time.clock()).toEqual(NOW);
    machine.uptime += 61_500;
    machine.now = NOW.subtract({ hours: 9_000 });
    expect(time.clock()).toEqual(NOW.add({ milliseconds: 61_500 }));
    machine.uptime = 0;
    expect(time.clock()).toEqual(NOW);
  });

  it.each([
    ['ahead', 7_200],
    ['behind', -7_200],
  ])('is reported with how far ours is %s: %d s', async (_, aheadSeconds) => {
    const { clocks, machine, targetWith } = await threeHosts();
    machine.now = NOW.add({ seconds: aheadSeconds });
    const time = known(await clocks.open()(targetWith(), never));
    expect(time.aheadSeconds).toBe(aheadSeconds);
    expect(time.clock()).toEqual(NOW);
  });

  it('is asked for once for each run and host, whatever the number of targets, and again by the next run', async () => {
    const { clocks, targetWith, asked } = await threeHosts();
    const first = clocks.open();
    await Promise.all(['a', 'b', 'c'].map((id) => first(targetWith({}, id), never)));
    await first(targetWith({}, 'd'), never);
    expect(asked()).toEqual(['export']);
    await clocks.open()(targetWith(), never);
    expect(asked()).toEqual(['export', 'export']);
  });

  it('needs no second host while ours differs by five minutes, and one for a second more', async () => {
    const { clocks, machine, targetWith, asked } = await threeHosts();
    for (const seconds of [300, -300]) {
      machine.now = NOW.add({ seconds });
      await clocks.open()(targetWith(), never);
    }
    expect(asked()).toEqual(['export', 'export']);
    for (const seconds of [301, -301]) {
      machine.now = NOW.add({ seconds });
      await clocks.open()(targetWith(), never);
    }
    expect(asked().slice(2)).toEqual(['export', 'iam', 'export', 'iam']);
  });

  it('has its second host in that of the tasks, where IAM is the export host too', async () => {
    const { clocks, machine, origins, targetWith, asked } = await threeHosts();
    machine.now = NOW.add({ hours: 1 });
    const time = await clocks.open()(targetWith({ iam: origins.export }), never);
    expect(known(time).aheadSeconds).toBe(3_600);
    expect(asked()).toEqual(['export', 'tasks']);
  });

  it('is believed where there is no host of another origin', async () => {
    const { clocks, machine, origins, targetWith, asked } = await threeHosts();
    machine.now = NOW.add({ hours: 1 });
    const { export: only } = origins;
    known(await clocks.open()(targetWith({ iam: only, tasks: only }), never));
    expect(asked()).toEqual(['export']);
  });
});

describe('a second host', () => {
  it.each([300, -300])('agrees to five minutes: %d s', async (off) => {
    const { clocks, targetWith } = await threeHosts({ export: 7_200, iam: 7_200 + off });
    expect(known(await clocks.open()(targetWith(), never)).aheadSeconds).toBe(-7_200);
  });

  it.each([301, -301])('denies what is further off: %d s, and all three times are reported', async (off) => {
    const { clocks, origins, targetWith } = await threeHosts({ export: 7_200, iam: 7_200 + off });
    const time = await clocks.open()(targetWith(), never);
    const [first, second] = [origins.export, origins.iam].map((origin) => new URL(origin).host);
    const [said, denied] = [7_200, 7_200 + off].map((seconds) => NOW.add({ seconds }));
    expect(time).toMatchObject({ state: 'disputed', error: { kind: 'clock' } });
    expect(messageOf(time)).toContain(
      `${first} says that it is ${said}, and by this machine's clock it is 2 h 0 min earlier. ` +
        `${second} says that it is ${denied}, so no host confirms that time`,
    );
  });

  it('that says no time, or nothing, denies too where there is no third that says one', async () => {
    const { clocks, machine, targetWith } = await threeHosts({ iam: 'none', tasks: 'none' });
    machine.now = NOW.add({ hours: 2 });
    for (const target of [targetWith(), targetWith({ iam: NOBODY, tasks: NOBODY })]) {
      const time = await clocks.open()(target, never);
      expect(time.state).toBe('disputed');
      expect(messageOf(time)).toMatch(/it is 2 h 0 min later\. 127\.0\.0\.1:\d+ could not be asked/);
    }
  });
});

describe('an export host', () => {
  it.each(['none', 'yesterday'] as const)(
    'without a time, %s, leaves it unknown, and no other is asked',
    async (date) => {
      const { clocks, targetWith, asked } = await threeHosts({ export: date });
      const time = await clocks.open()(targetWith(), never);
      expect(time).toMatchObject({ state: 'unknown', error: { kind: 'clock' } });
      expect(messageOf(time)).toMatch(/^127\.0\.0\.1:\d+ does not say what time it is: /);
      expect(asked()).toEqual(['export']);
    },
  );

  it('that does not answer is down, and no other is asked', async () => {
    const { clocks, targetWith, asked } = await threeHosts();
    const time = await clocks.open()(targetWith({ export: NOBODY }), never);
    expect(time).toMatchObject({ state: 'down', error: { kind: 'unavailable' } });
    expect(asked()).toEqual([]);
  });
});

describe('what signs and judges tokens by the time of a target', () => {
  it('goes by ours until a run has learnt it, by that of Huawei then, and by ours where a later run could not', async () => {
    const { clocks, machine, tell, targetWith } = await threeHosts();
    machine.now = NOW.add({ hours: 2 });
    const now = clocks.of(targetWith());
    expect(now()).toEqual(machine.now);
    await clocks.open()(targetWith(), never);
    expect(now()).toEqual(NOW);
    tell({ export: 'none' });
    await clocks.open()(targetWith(), never);
    expect(now()).toEqual(machine.now);
  });

  it('is not that of another host', async () => {
    const { clocks, machine, targetWith } = await threeHosts();
    machine.now = NOW.add({ hours: 2 });
    await clocks.open()(targetWith(), never);
    expect(clocks.of(targetWith({ export: NOBODY }))()).toEqual(machine.now);
  });
});

function known(time: TargetClock): Extract<TargetClock, { state: 'known' }> {
  if (time.state !== 'known') throw time.error;
  return time;
}

function messageOf(time: TargetClock): string {
  return time.state === 'known' ? '' : time.error.message;
}
