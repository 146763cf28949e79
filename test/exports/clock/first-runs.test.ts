import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../../lib/emulator/scenarios/scenario.ts';
import { at, wrongClock } from './wrong-clock.ts';

// A target whose first runs did not know the time at Huawei: where coverage begins must not depend on our own clock.

const dates = { iam: 'none', export: 'none', tasks: 'none' } as const;
const NO_DATE: ScenarioInput = { steps: [], dates };
const DOWN: ScenarioInput = {
  steps: [{ on: 'any', times: 'always', effect: { type: 'cut', when: 'before' } }],
  dates,
};
const FIRST_NIGHT = at('2026-11-22T00:00:00Z');

async function threeFirstNights(scenario: ScenarioInput, aheadSeconds: number) {
  const local = await wrongClock();
  local.emulator.setScenario(scenario);
  local.machine.aheadSeconds = aheadSeconds;
  for (let night = 0; night < 3; night += 1) {
    expect((await local.run()).failed).not.toEqual([]);
    local.pass({ hours: 24 });
  }
  local.emulator.setScenario({ steps: [] });
  return local;
}

describe.each([
  ['that do not answer', DOWN],
  ['without a Date', NO_DATE],
])('first nights with hosts %s', (_, scenario) => {
  it.each([
    ['10 days ahead', 10 * 86_400],
    ['2 days ahead', 2 * 86_400],
    ['40 days behind', -40 * 86_400],
  ])('and a clock that is %s are all exported once it is set right', async (__, aheadSeconds) => {
    const { machine, run, rows, stored } = await threeFirstNights(scenario, aheadSeconds);
    machine.aheadSeconds = 0;
    expect((await run()).lost).toEqual([]);
    expect((await stored())?.coveredFrom?.epochMilliseconds).toBeLessThanOrEqual(
      FIRST_NIGHT.epochMilliseconds,
    );
    for (const night of ['11-22/11-23', '11-23/11-24', '11-24/11-25', '11-25/11-26'])
      expect((await rows()).join('\n')).toMatch(new RegExp(`${night} (published|confirmed)`));
    expect((await rows()).filter((row) => row.endsWith('lost'))).toEqual([]);
  });

  it('and a clock that is right are exported from the first on, and nothing before', async () => {
    const { run, stored } = await threeFirstNights(scenario, 0);
    expect(await run()).toMatchObject({ failed: [], lost: [] });
    // Without the time a run stands for an hour before.
    expect((await stored())?.coveredFrom).toEqual(FIRST_NIGHT.subtract({ hours: 24 }));
    expect(await stored()).not.toHaveProperty('unverifiedAt');
  });
});

it('a sweep after a first night of a clock that was ahead orders nothing that is not over', async () => {
  const settings = { window: { every: 'PT1H' }, schedule: 'cron(35 * * * ? *)' };
  const { emulator, machine, run, pass, messages, time, stored } = await wrongClock({ settings });
  emulator.setScenario(NO_DATE);
  machine.aheadSeconds = 2 * 86_400;
  await run();
  emulator.setScenario({ steps: [] });
  machine.aheadSeconds = 0;
  pass({ minutes: 20 });
  const sweep = () => run({ sweep: true, at: time.now.toString() });
  expect((await sweep()).failed).toEqual([]);
  // Nobody knows when the first runs were, so coverage begins with the oldest that Huawei has.
  expect((await stored())?.coveredFrom).toEqual(at('2026-10-24T01:00:00Z'));
  for (let hour = 0; hour < 3; hour += 1) {
    pass({ hours: 1 });
    expect((await sweep()).failed).toEqual([]);
  }
  const sent = (await messages()).filter(({ data }) => data.window.start === '2026-11-23T00:00:00Z');
  expect(sent.map(({ time: at }) => at.slice(0, 13))).toEqual(['2026-11-23T01']);
});

it('first nights by a clock that was far behind, and set right before the time was known, invent no loss', async () => {
  const { emulator, machine, run, pass } = await wrongClock();
  emulator.setScenario(NO_DATE);
  machine.aheadSeconds = -40 * 86_400;
  await run();
  pass({ hours: 24 });
  machine.aheadSeconds = 0;
  await run();
  pass({ hours: 24 });
  emulator.setScenario({ steps: [] });
  expect((await run()).lost).toEqual([]);
});
