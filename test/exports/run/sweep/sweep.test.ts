import { describe, expect, it } from 'vitest';
import { beginBackfill } from '../../../../lib/exports/backfill/open-backfills.ts';
import { submitWindow } from '../../../../lib/exports/window/export-window.ts';
import { orThrow } from '../../../../lib/exports/window/run-report.ts';
import { mortalPorts } from '../../../support/runs/killed-run.ts';
import { at, counts, days, never, runningTarget } from '../../running-target.ts';

// Of lib/exports: scheduled-run.ts, run/idle-sweep.ts, clock/moment.ts, window/jobs.ts and export-window.ts, as the sweep uses them.

const REFUSED = { on: 'export', effect: { type: 'forbidden' } } as const;

describe('a sweep', () => {
  it('orders every gap that was due at the latest firing, although no run has been there', async () => {
    const { calendar, sweep, time, published, coverage, messages } = await runningTarget();
    await calendar();
    time.now = at('2026-11-28T05:35:00Z');
    expect(counts(await sweep())).toEqual({
      planned: 5,
      published: 5,
      already_covered: 0,
      deferred: 0,
      confirmed: 1,
    });
    expect((await published()).slice(1)).toEqual(['11-27/11-28', ...days('11-23', '11-26')]);
    const reasons = (await messages()).slice(1).map(({ data }) => data.reason);
    expect(reasons).toEqual(['routine', ...Array(4).fill('catch-up')]);
    // It says which firing it stands for, as the run would have done.
    expect((await messages())[1]?.data.trigger).toEqual({
      kind: 'schedule',
      scheduled_time: '2026-11-28T00:35:00Z',
    });
    expect(coverage()).toMatchObject({ hoursLeft: 720, atRisk: [] });
    time.now = at('2026-11-28T05:36:00Z');
    expect(counts(await sweep())).toMatchObject({ planned: 0, confirmed: 5 });
  });

  it('orders nothing that became due after the latest firing, be it that it failed', async () => {
    const { calendar, sweep, time, emulator, published, exportCalls, stored } = await runningTarget({
      window: { every: 'PT6H' },
    });
    await calendar();
    time.now = at('2026-11-23T13:00:00Z');
    await sweep();
    emulator.setScenario({ steps: [REFUSED, REFUSED] });
    expect((await calendar()).failed).toHaveLength(2);
    time.now = at('2026-11-24T00:34:59Z');
    expect(counts(await sweep())).toMatchObject({ planned: 0, published: 0 });
    expect(exportCalls()).toBe(3);
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-23T00:00:00Z'));
    time.now = at('2026-11-24T00:35:00Z');
    expect(counts(await sweep())).toMatchObject({ planned: 4, published: 4 });
    expect((await published()).slice(1)).toEqual([
      '11-23T18:00/11-24',
      '11-23/11-23T06:00',
      '11-23T06:00/11-23T12:00',
      '11-23T12:00/11-23T18:00',
    ]);
  });

  it('goes by the zone of the schedule', async () => {
    const { calendar, sweep, time, published } = await runningTarget({ schedule_time_zone: 'Asia/Tokyo' });
    await calendar();
    time.now = at('2026-11-24T15:34:00Z');
    await sweep();
    expect(await published()).toEqual(['11-22/11-23']);
    time.now = at('2026-11-24T15:35:00Z');
    await sweep();
    expect(await published()).toEqual(['11-22/11-23', '11-23/11-24']);
  });

  it('opens a target that has never run, with the window of the latest firing', async () => {
    const { sweep, pass, published, stored } = await runningTarget({ window: { every: 'PT6H' } });
    pass({ hours: 16 });
    expect(await sweep()).toMatchObject({ planned: 1, published: 1, failed: [], lost: [] });
    expect(await published()).toEqual(['11-22T18:00/11-23']);
    expect((await stored())?.coveredFrom).toEqual(at('2026-11-22T18:00:00Z'));
  });

  it('opens a target that has never run at its start_at, where that is earlier', async () => {
    const { sweep, pass, published, stored } = await runningTarget({ start_at: '2026-11-20T00:00:00Z' });
    pass({ hours: 16 });
    expect(await sweep()).toMatchObject({ published: 3, failed: [], lost: [] });
    expect(await published()).toEqual(['11-22/11-23', ...days('11-20', '11-21')]);
    expect((await stored())?.coveredFrom).toEqual(at('2026-11-20T00:00:00Z'));
  });

  it('of a rate does nothing before the first run, because no firing is known', async () => {
    const { sweep, emulator, events, stored } = await runningTarget({ schedule: 'rate(1 hour)' });
    expect(await sweep()).toMatchObject({ planned: 0, failed: [], lost: [] });
    expect(events).toEqual([{ type: 'clock_learnt', targetId: 'acme', aheadSeconds: 0 }]);
    expect(emulator.requests()).toEqual([]);
    expect(await stored()).toBeUndefined();
  });

  it('of a rate stands for the newest run', async () => {
    const { calendar, sweep, pass, emulator, published, stored } = await runningTarget({
      schedule: 'rate(1 hour)',
      window: { every: 'PT1H' },
    });
    emulator.setScenario({ steps: [REFUSED] });
    await calendar();
    pass({ hours: 3 });
    await sweep();
    expect(await published()).toEqual(['11-22T23:00/11-23']);
    await calendar();
    expect((await stored())?.lastFiring).toEqual(at('2026-11-23T03:35:00Z'));
    const late = ['11-23T02:00/11-23T03:00', '11-23/11-23T01:00', '11-23T01:00/11-23T02:00'];
    expect((await published()).slice(1)).toEqual(late);
    // A run that comes late does not set it back.
    await calendar({ at: '2026-11-23T01:35:00Z' });
    expect((await stored())?.lastFiring).toEqual(at('2026-11-23T03:35:00Z'));
  });

  it('that finds all confirmed asks nobody, not even for the time, and reports the coverage', async () => {
    const { calendar, sweep, pass, ports, emulator, events } = await runningTarget();
    await calendar();
    pass({ minutes: 1 });
    await sweep();
    const asked = emulator.requests().length;
    pass({ hours: 1 });
    const openClocks = () => () => Promise.reject(new Error('nobody should ask'));
    expect(await sweep({ ports: { ...ports(), openClocks } })).toMatchObject({ planned: 0, failed: [] });
    expect(emulator.requests()).toHaveLength(asked);
    expect(events.map(({ type }) => type)).toEqual(['target_assessed']);
  });

  it('confirms, and moves the coverage on', async () => {
    const { calendar, sweep, pass, stored, reported } = await runningTarget();
    await calendar();
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-22T00:00:00Z'));
    pass({ hours: 1 });
    expect(await sweep()).toMatchObject({ planned: 0, confirmed: 1 });
    expect(reported('window_confirmed')).toHaveLength(1);
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-23T00:00:00Z'));
  });

  it('counts what nobody has confirmed for 26 hours, and at most 100 of it', async () => {
    const { calendar, sweep, pass, coverage, emulator } = await runningTarget({ window: { every: 'PT12M' } });
    await calendar();
    pass({ hours: 24 });
    emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
    await calendar();
    expect(coverage()).toMatchObject({ unconfirmed: 121, longUnconfirmed: 0 });
    pass({ hours: 2, minutes: 1 });
    await sweep();
    expect(coverage()).toMatchObject({ unconfirmed: 121, longUnconfirmed: 1 });
    pass({ hours: 24 });
    await sweep();
    expect(coverage()).toMatchObject({ unconfirmed: 241, longUnconfirmed: 100 });
  });

  it('orders again what failed, with the same reason and id, and all of it when one fails again', async () => {
    const { calendar, sweep, pass, emulator, published, messages } = await runningTarget();
    await calendar();
    pass({ hours: 72 });
    emulator.setScenario({ steps: [{ ...REFUSED, times: 3 }] });
    expect((await calendar()).failed).toHaveLength(3);
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'pass' } }, REFUSED] });
    pass({ hours: 1 });
    const report = await sweep();
    expect(counts(report)).toMatchObject({ planned: 3, published: 2 });
    expect(report.failed).toMatchObject([{ window: { start: '2026-11-23T00:00:00Z' } }]);
    pass({ hours: 1 });
    expect(counts(await sweep())).toMatchObject({ planned: 1, published: 1 });
    expect((await published()).slice(1)).toEqual(['11-25/11-26', '11-24/11-25', '11-23/11-24']);
    const own = (await messages()).find(({ subject }) => subject.startsWith('2026-11-25'));
    expect(own?.data).toMatchObject({ reason: 'routine', attempt: 1 });
  });

  it('does a claimed window that a dead run left, once the lease is over', async () => {
    const { calendar, sweep, ports, passLease, published, exportCalls } = await runningTarget();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'api.submit', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    expect(counts(await sweep())).toMatchObject({ planned: 0, published: 0 });
    expect(exportCalls()).toBe(0);
    passLease();
    expect(counts(await sweep())).toMatchObject({ planned: 1, published: 1 });
    expect(await published()).toEqual(['11-22/11-23']);
  });

  it.each(['before', 'after'] as const)(
    'sends the message of a run that died %s sending it',
    async (when) => {
      const { calendar, sweep, ports, passLease, messages, exportCalls, rows } = await runningTarget();
      const { died, ports: mortal } = mortalPorts(ports(), { when, call: 'queue.publish', nth: 1 });
      void calendar({ ports: mortal });
      await died;
      expect(counts(await sweep())).toMatchObject({ planned: 0, published: 0 });
      expect(await rows()).toEqual(['11-22/11-23 submitted']);
      passLease();
      expect(counts(await sweep())).toMatchObject({ planned: 1, published: 1 });
      expect(await messages()).toHaveLength(when === 'before' ? 1 : 2);
      expect(new Set((await messages()).map((message) => JSON.stringify(message))).size).toBe(1);
      expect(exportCalls()).toBe(1);
      expect(await rows()).toEqual(['11-22/11-23 published']);
    },
  );

  it('twice at once sends a message that was left over once, and orders nothing twice', async () => {
    const { calendar, sweep, ports, pass, messages, exportCalls } = await runningTarget();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'queue.publish', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    pass({ hours: 1 });
    await Promise.all([sweep(), sweep(), calendar()]);
    expect(await messages()).toHaveLength(1);
    expect(exportCalls()).toBe(1);
  });

  it('records as lost what was missed for too long, once, after it has exported the rest', async () => {
    const { calendar, sweep, pass, rows, exportCalls, reported, events } = await runningTarget();
    await calendar();
    pass({ hours: 1 });
    await sweep();
    pass({ hours: 24 * 31 });
    const report = await sweep();
    expect(report.lost).toEqual([
      { start: '2026-11-23T00:00:00Z', end: '2026-11-24T00:00:00Z' },
      { start: '2026-11-24T00:00:00Z', end: '2026-11-24T01:40:00Z' },
    ]);
    expect(reported('window_lost')).toHaveLength(2);
    const order = events.map(({ type }) => type).filter((type) => /^window_(lost|published)$/.test(type));
    expect(order).toEqual([...Array(30).fill('window_published'), 'window_lost', 'window_lost']);
    expect(() => orThrow({ targets: [report] })).toThrow('lost');
    const again = await sweep();
    expect(again.lost).toEqual([]);
    expect(orThrow({ targets: [again] })).toEqual({ targets: [again] });
    expect(exportCalls()).toBe(31);
    expect(await rows()).toHaveLength(33);
  });

  it('reports which windows are at risk, and for how many hours they can still be exported', async () => {
    const { calendar, sweep, time, coverage, emulator } = await runningTarget();
    await calendar();
    emulator.setScenario({ steps: [{ ...REFUSED, times: 'always' }] });
    time.now = at('2026-12-22T00:00:00Z');
    await sweep();
    expect(coverage()?.atRisk).toEqual([]);
    time.now = at('2026-12-22T12:00:00Z');
    await sweep();
    const window = { start: at('2026-11-23T00:00:00Z'), end: at('2026-11-24T00:00:00Z') };
    expect(coverage()?.atRisk).toEqual([window]);
    expect(coverage()?.hoursLeft).toBe(12);
  });

  it('whose time is over leaves what it had to do', async () => {
    const { calendar, sweep, pass, emulator, exportCalls } = await runningTarget();
    emulator.setScenario({ steps: [REFUSED] });
    await calendar();
    pass({ hours: 1 });
    expect(counts(await sweep({ signal: AbortSignal.abort() }))).toMatchObject({ published: 0 });
    expect(exportCalls()).toBe(1);
    expect(counts(await sweep())).toMatchObject({ published: 1 });
  });
});

describe('a backfill', () => {
  const window = { start: at('2026-11-10T00:00:00Z'), end: at('2026-11-11T00:00:00Z') };
  const trigger = { kind: 'command', scheduled_time: '2026-11-23T00:35:00Z' } as const;

  it('before coverage that failed is gone on with, confirmed, and watched no longer than it can matter', async () => {
    const { calendar, sweep, pass, ports, targetWith, emulator, rows, stored } = await runningTarget();
    await calendar();
    await beginBackfill(ports(), targetWith(), [window]);
    emulator.setScenario({ steps: [REFUSED] });
    await submitWindow(ports(), { target: targetWith(), window, reason: 'backfill', trigger }, never);
    pass({ hours: 1 });
    expect(counts(await sweep())).toMatchObject({ planned: 1, published: 1, confirmed: 1 });
    pass({ hours: 1 });
    expect(counts(await sweep())).toMatchObject({ planned: 0, confirmed: 1 });
    expect(await rows()).toEqual(['11-10/11-11 confirmed', '11-22/11-23 confirmed']);
    expect((await stored())?.lookbackFrom).toEqual(window.start);
    pass({ hours: 24 * 31 });
    await sweep();
    expect(await stored()).not.toHaveProperty('lookbackFrom');
    expect((await stored())?.coveredFrom).toEqual(at('2026-11-22T00:00:00Z'));
  });

  it('of a target that never ran is gone on with by the sweep that opens the target', async () => {
    const { sweep, pass, ports, targetWith, emulator, rows, stored } = await runningTarget();
    await beginBackfill(ports(), targetWith(), [window]);
    emulator.setScenario({ steps: [REFUSED] });
    await submitWindow(ports(), { target: targetWith(), window, reason: 'backfill', trigger }, never);
    for (const published of [2, 0, 0]) {
      pass({ hours: 1 });
      expect(await sweep()).toMatchObject({ published, failed: [], lost: [] });
    }
    expect(await rows()).toEqual(['11-10/11-11 confirmed', '11-22/11-23 confirmed']);
    expect((await stored())?.coveredFrom).toEqual(at('2026-11-22T00:00:00Z'));
  });

  it('of a rate that never ran is confirmed by the sweeps, and they go on once it is over', async () => {
    const { sweep, pass, ports, targetWith, rows, stored } = await runningTarget({ schedule: 'rate(1 day)' });
    await beginBackfill(ports(), targetWith(), [window]);
    await submitWindow(ports(), { target: targetWith(), window, reason: 'backfill', trigger }, never);
    for (const hours of [1, 1, 24 * 40, 1, 1]) {
      pass({ hours });
      expect(await sweep()).toMatchObject({ planned: 0, failed: [], lost: [] });
    }
    expect(await rows()).toEqual(['11-10/11-11 confirmed']);
    expect(await stored()).not.toHaveProperty('lookbackFrom');
  });
});
