import { expect, it } from 'vitest';
import { ClockError, InputError } from '../../../lib/domain/errors.ts';
import { momentOf } from '../../../lib/exports/clock/moment.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { at, never, runningTarget } from '../running-target.ts';

const REQUESTED = at('2026-11-23T00:30:00Z');
const target = targetAt('http://127.0.0.1:1');

/** A clock 20 ms before the requested time, and a timer that ends a millisecond early. */
function earlyTimer() {
  const time = { now: REQUESTED.subtract({ milliseconds: 20 }) };
  const waits: number[] = [];
  const clock = () => time.now;
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds);
    time.now = time.now.add({ milliseconds: Math.max(1, Math.ceil(milliseconds) - 1) });
  };
  return { time, waits, clock, ports: { ownClock: clock, observe: () => undefined, wait } };
}

it('a time slightly ahead is waited for to its end, also where the timer ends early', async () => {
  const { clock, ports, waits } = earlyTimer();
  const time = { state: 'known', clock, aheadSeconds: 0 } as const;
  const { scheduledTime } = await momentOf(ports, { target, requested: REQUESTED }, time, never);
  expect(scheduledTime).toEqual(REQUESTED);
  expect(waits).toEqual([20, 1]);
});

it('a clock that stands still is not waited for without end, nor one of a run that is stopped', async () => {
  const { time: still, clock, ports } = earlyTimer();
  const frozen = { ...still };
  let waits = 0;
  const wait = async () => {
    waits += 1;
  };
  const time = { state: 'known', clock: () => frozen.now, aheadSeconds: 0 } as const;
  const asked = { target, requested: REQUESTED };
  const { scheduledTime } = await momentOf({ ...ports, wait }, asked, time, never);
  expect(scheduledTime.toString()).toBe('2026-11-23T00:29:59Z');
  expect(waits).toBe(10);
  await momentOf({ ...ports, wait }, asked, { ...time, clock }, AbortSignal.abort());
  expect(waits).toBe(10);
});

it.each(['unknown', 'disputed'] as const)(
  'a time of the far future is refused by our own clock where the time at Huawei is %s',
  async (state) => {
    const { calendar, ports, rows, stored } = await runningTarget();
    const openClocks = () => async () => ({ state, error: new ClockError('No host has a Date.') });
    const report = await calendar({ at: '2036-11-23T00:35:00Z', ports: { ...ports(), openClocks } });
    expect(report).toMatchObject({ deferred: 0, failed: [{ kind: new InputError('', []).kind }] });
    expect(report.failed[0]?.message).toMatch(/in the future; it is 2026-11-23T00:35:00Z now/);
    expect([await rows(), await stored()]).toEqual([[], undefined]);
  },
);
