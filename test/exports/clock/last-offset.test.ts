import { describe, expect, it } from 'vitest';
import { spanText } from '../../../lib/domain/time/spans.ts';
import { previewRun } from '../../../lib/exports/run/preview.ts';
import { targetStatus } from '../../../lib/exports/status/target-status.ts';
import { at, wrongClock } from './wrong-clock.ts';

const HOURLY = { window: { every: 'PT1H' } };

/** A target whose last run found our clock `aheadSeconds` ahead, and looks at it that ask nobody. */
async function afterRun(aheadSeconds: number) {
  const local = await wrongClock({ settings: HOURLY });
  local.machine.aheadSeconds = aheadSeconds;
  await local.run();
  const { ledger, ownClock: clock } = local.ports();
  const plan = async (scheduledTime?: string) => {
    const input = { targets: [local.targetWith()], sweep: false };
    const given = scheduledTime === undefined ? {} : { scheduledTime: at(scheduledTime) };
    const [first] = await previewRun({ ledger, clock }, { ...input, ...given });
    if (!first) throw new Error('every target has a preview');
    return first;
  };
  return { ...local, plan, status: () => targetStatus({ ledger, clock }, local.targetWith()) };
}

describe.each([
  ['26 hours ahead', 26 * 3600],
  ['40 days ahead', 40 * 24 * 3600],
  ['3 hours behind', -3 * 3600],
])('while our clock is %s', (_, aheadSeconds) => {
  it('a plan is what the run does', async () => {
    const { plan, run, pass, messages } = await afterRun(aheadSeconds);
    pass({ hours: 2, minutes: 10, milliseconds: 700 });
    const { windows, scheduledTime, lost } = await plan();
    expect(scheduledTime.toString()).toBe('2026-11-23T02:45:00Z');
    expect([windows.length, lost]).toEqual([2, []]);
    const before = (await messages()).length;
    expect(await run()).toMatchObject({ published: 2, failed: [], lost: [] });
    const exported = (await messages()).slice(before).map(({ data }) => data.window);
    expect(windows.map(({ window }) => spanText(window))).toEqual(exported);
  });

  it('a plan for a time that was or is now is what the run does for it', async () => {
    const { plan, run, pass } = await afterRun(aheadSeconds);
    pass({ hours: 2, minutes: 10 });
    const { windows } = await plan('2026-11-23T02:45:00Z');
    expect(windows).toHaveLength(2);
    expect(await run({ at: '2026-11-23T02:45:00Z' })).toMatchObject({ published: 2, failed: [] });
  });

  it('a plan refuses a time that is ahead of both clocks, as the run does', async () => {
    const { plan, run } = await afterRun(aheadSeconds);
    const late = '2027-03-01T00:00:00Z';
    await expect(plan(late)).rejects.toThrow(/in the future/);
    expect(await run({ at: late })).toMatchObject({ failed: [{ kind: 'input' }] });
  });
});

it('a plan for a time that only our clock has reached is for the time at Huawei, as the run is', async () => {
  const { plan, run, pass } = await afterRun(26 * 3600);
  pass({ hours: 2, minutes: 10 });
  const { windows, scheduledTime } = await plan('2026-11-24T02:00:00Z');
  expect(scheduledTime.toString()).toBe('2026-11-23T02:45:00Z');
  expect(windows).toHaveLength(2);
  expect(await run({ at: '2026-11-24T02:00:00Z' })).toMatchObject({ published: 2 });
});

it('once our clock is set right, what the last run learnt of it is left alone where it cannot be', async () => {
  const { machine, time, pass, status, plan } = await afterRun(5 * 3600);
  pass({ hours: 2 });
  expect(await status()).toMatchObject({ now: time.now, aheadSeconds: 5 * 3600 });
  machine.aheadSeconds = 0;
  const found = await status();
  expect(found.now).toEqual(time.now);
  expect(found).not.toHaveProperty('aheadSeconds');
  expect(found.gaps.map(spanText)).toEqual([{ start: '2026-11-23T00:00:00Z', end: '2026-11-23T02:00:00Z' }]);
  const planned = await plan();
  expect(planned.windows).toHaveLength(2);
  expect(planned).not.toHaveProperty('aheadSeconds');
});
