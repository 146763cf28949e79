import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { ClockError, UnavailableError } from '../../../lib/domain/errors.ts';
import type { RunEvent } from '../../../lib/domain/exports/run-events.ts';
import { checkNotInFuture, momentOf } from '../../../lib/exports/clock/moment.ts';
import { firingUntil } from '../../../lib/exports/coverage/due.ts';
import type { TargetClock } from '../../../lib/run-ports.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { targetRow } from '../../support/ledger/target-rows.ts';
import { timeOf } from '../../support/runs/local-ports.ts';

const at = Temporal.Instant.from;
const HUAWEI = at('2026-11-23T00:35:00.4Z');
const target = targetAt('http://127.0.0.1:9');
const never = new AbortController().signal;

/** A moment where it is `HUAWEI` at Huawei, and our clock is so many seconds ahead of that. */
async function moment(
  requested: string | undefined,
  { aheadSeconds = 0, found }: { aheadSeconds?: number; found?: TargetClock } = {},
) {
  const time = { now: HUAWEI };
  const events: RunEvent[] = [];
  const ownClock = () => time.now.add({ seconds: aheadSeconds });
  const ports = { ...timeOf(time), ownClock, observe: (event: RunEvent) => void events.push(event) };
  const known: TargetClock = { state: 'known', clock: () => time.now, aheadSeconds };
  const asked = { target, requested: requested === undefined ? undefined : at(requested) };
  const run = await momentOf(ports, asked, found ?? known, never);
  const waited = HUAWEI.until(time.now).total('seconds');
  const [scheduledTime, reported] = [run.scheduledTime, run.requested].map(String);
  return { ...run, scheduledTime, requested: reported, waited, events };
}

describe('the moment of a run', () => {
  it('is now at Huawei, in whole seconds, where none is asked for', async () => {
    for (const aheadSeconds of [0, 7_200, -7_200])
      expect(await moment(undefined, { aheadSeconds })).toMatchObject({
        scheduledTime: '2026-11-23T00:35:00Z',
        requested: '2026-11-23T00:35:00Z',
        isVerified: true,
        mayOrder: true,
        waited: 0,
      });
  });

  it('is what was asked for, where that is over at Huawei, however long', async () => {
    for (const requested of ['2026-11-23T00:35:00Z', '2026-11-22T00:35:00Z', '2020-01-01T00:00:00Z'])
      expect(await moment(requested, { aheadSeconds: 86_400 })).toMatchObject({
        scheduledTime: requested,
        waited: 0,
      });
  });

  it.each(['2026-11-23T00:35:01Z', '2026-11-23T00:40:00Z', '2026-11-23T00:40:00.4Z'])(
    'is waited for up to five minutes: %s',
    async (requested) => {
      const { scheduledTime, waited } = await moment(requested);
      expect(waited).toBeCloseTo(HUAWEI.until(requested).total('seconds'), 2);
      expect(scheduledTime).toBe(requested.replace(/\.\d/, ''));
    },
  );

  it('is now where it is further ahead of Huawei, and not of ours, which is ahead', async () => {
    const found = await moment('2026-11-23T02:30:00Z', { aheadSeconds: 7_200 });
    expect(found).toMatchObject({
      scheduledTime: '2026-11-23T00:35:00Z',
      requested: '2026-11-23T02:30:00Z',
      waited: 0,
    });
  });

  it.each([
    ['2026-11-23T00:40:00.5Z', 0],
    ['2026-11-23T02:30:00Z', 0],
    ['2026-11-23T02:40:00.5Z', 7_200],
    ['2026-11-23T00:40:01Z', -7_200],
  ])(
    '%s is refused where it is further ahead of both, ours being %d s ahead',
    async (requested, aheadSeconds) => {
      await expect(moment(requested, { aheadSeconds })).rejects.toMatchObject({
        kind: 'input',
        issues: [{ path: 'scheduled_time', message: expect.stringContaining('which is in the future') }],
      });
    },
  );

  it('reports how far our clock is off each time, and keeps that where it is notable', async () => {
    for (const [aheadSeconds, kept] of [
      [0, undefined],
      [300, undefined],
      [-300, undefined],
      [301, 301],
      [-301, -301],
    ] as const) {
      const found = await moment(undefined, { aheadSeconds });
      expect(found.aheadSeconds).toBe(kept);
      expect(found.events).toEqual([{ type: 'clock_learnt', targetId: 'acme', aheadSeconds }]);
    }
  });
});

describe('without the time of Huawei', () => {
  const unknown: TargetClock = { state: 'unknown', error: new ClockError('No Date.') };
  const disputed: TargetClock = { state: 'disputed', error: new ClockError('Denied.') };
  const down: TargetClock = {
    state: 'down',
    error: new UnavailableError('Gone.', { reason: 'unreachable' }),
  };

  it.each([unknown, disputed, down])(
    'a run goes by our clock, an hour back, and says why: $state',
    async (found) => {
      const run = await moment('2026-11-23T00:35:00Z', { found });
      expect(run).toMatchObject({
        scheduledTime: '2026-11-22T23:35:00Z',
        requested: '2026-11-23T00:35:00Z',
        isVerified: false,
        mayOrder: found.state === 'unknown',
      });
      expect(run.aheadSeconds).toBeUndefined();
      expect(run.error).toBe(found.error);
      expect(run.events).toEqual([{ type: 'clock_unknown', targetId: 'acme', error: run.error }]);
    },
  );

  it('what was asked for earlier stays as it is', async () => {
    expect(await moment('2026-11-22T00:35:00Z', { found: unknown })).toMatchObject({
      scheduledTime: '2026-11-22T00:35:00Z',
    });
    expect(await moment(undefined, { found: unknown })).toMatchObject({
      requested: '2026-11-23T00:35:00Z',
      scheduledTime: '2026-11-22T23:35:00Z',
    });
  });
});

it('a time is in the future from five minutes and a moment on', () => {
  const now = at('2026-11-23T00:35:00Z');
  expect(() => checkNotInFuture(now.add({ seconds: 300 }), now)).not.toThrow();
  expect(() => checkNotInFuture(now.add({ seconds: 300, nanoseconds: 1 }), now)).toThrow(
    /scheduled_time: is 2026-11-23T00:40:00\.000000001Z, which is in the future; it is 2026-11-23T00:35:00Z now/,
  );
});

describe('the firing that a sweep stands for', () => {
  const until = at('2026-11-23T05:17:00Z');
  const withSchedule = (schedule: string, schedule_time_zone = 'UTC') =>
    targetAt('http://127.0.0.1:9', { schedule, schedule_time_zone });
  const fired = (lastFiring?: string) =>
    targetRow(lastFiring === undefined ? {} : { lastFiring: at(lastFiring) });

  it('is the latest of a cron expression in its zone, whatever a run has recorded', () => {
    const nightly = 'cron(35 0 * * ? *)';
    for (const row of [undefined, fired(), fired('2026-11-23T04:00:00Z')]) {
      expect(firingUntil(withSchedule(nightly), row, until)).toEqual(at('2026-11-23T00:35:00Z'));
      expect(firingUntil(withSchedule(nightly, 'Asia/Shanghai'), row, until)).toEqual(
        at('2026-11-22T16:35:00Z'),
      );
    }
  });

  it('is none where the schedule has not fired yet', () => {
    expect(
      firingUntil(withSchedule('cron(0 12 1 1 ? 2030)'), fired('2026-11-22T00:35:00Z'), until),
    ).toBeUndefined();
  });

  it('of a rate is the newest that a run has recorded, and never one to come', () => {
    const hourly = withSchedule('rate(1 hour)');
    expect(firingUntil(hourly, undefined, until)).toBeUndefined();
    expect(firingUntil(hourly, fired(), until)).toBeUndefined();
    expect(firingUntil(hourly, fired('2026-11-23T04:03:00Z'), until)).toEqual(at('2026-11-23T04:03:00Z'));
    expect(firingUntil(hourly, fired('2026-12-23T04:03:00Z'), until)).toEqual(until);
  });
});
