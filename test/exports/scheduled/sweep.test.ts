import { describe, expect, it } from 'vitest';
import { orThrow } from '../../../lib/exports/report.ts';
import { watchFrom } from '../../../lib/exports/scheduled/target-row.ts';
import { submitWindow } from '../../../lib/exports/window/submit.ts';
import { mortalPorts } from '../../support/dead-run.ts';
import { at, counts, never, runningTarget } from '../running-target.ts';

// Of lib/exports: tend.ts, jobs.ts and announce.ts, as the sweep uses them.

const REFUSED = { on: 'export', effect: { type: 'forbidden' } } as const;

describe('a sweep', () => {
  it('orders no window that no run has planned, however long the calendar stands still', async () => {
    const { calendar, sweep, pass, exportCalls, coverage, rows } = await runningTarget();
    await calendar();
    for (const hours of [1, 24, 100]) {
      pass({ hours });
      const report = await sweep();
      expect(counts(report)).toMatchObject({ planned: 0, announced: 0, already_covered: 0 });
    }
    expect(exportCalls()).toBe(1);
    expect(await rows()).toEqual(['11-22/11-23 confirmed']);
    // It knows of the holes all the same: the oldest begins on 11-23, and now it is 11-28T05:35.
    expect(coverage()).toMatchObject({ hoursLeft: 720 - 24 * 5 - 5 - 35 / 60, atRisk: [] });
  });

  it('of a target that has never run does nothing and says nothing', async () => {
    const { sweep, emulator, events, stored } = await runningTarget({ start_at: '2026-01-01T00:00:00Z' });
    expect(await sweep()).toMatchObject({ planned: 0, failed: [], lost: [] });
    expect(events).toEqual([]);
    expect(emulator.requests()).toEqual([]);
    expect(await stored()).toBeUndefined();
  });

  it('confirms, and moves the coverage on', async () => {
    const { calendar, sweep, pass, stored, told } = await runningTarget();
    await calendar();
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-22T00:00:00Z'));
    pass({ hours: 1 });
    expect(await sweep()).toMatchObject({ planned: 0, confirmed: 1 });
    expect(told('window_confirmed')).toHaveLength(1);
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
    expect(coverage()).toMatchObject({ unconfirmed: 121, longUnconfirmed: 100 });
  });

  it('orders again what failed, with the same reason and id, and all of it when one fails again', async () => {
    const { calendar, sweep, pass, emulator, announced, messages } = await runningTarget();
    await calendar();
    pass({ hours: 72 });
    emulator.setScenario({ steps: [{ ...REFUSED, times: 3 }] });
    expect((await calendar()).failed).toHaveLength(3);
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'pass' } }, REFUSED] });
    pass({ hours: 1 });
    const report = await sweep();
    expect(counts(report)).toMatchObject({ planned: 3, announced: 2 });
    expect(report.failed).toMatchObject([{ window: { start: '2026-11-24T00:00:00Z' } }]);
    pass({ hours: 1 });
    expect(counts(await sweep())).toMatchObject({ planned: 1, announced: 1 });
    expect((await announced()).slice(1)).toEqual(['11-23/11-24', '11-25/11-26', '11-24/11-25']);
    const own = (await messages()).find(({ subject }) => subject.startsWith('2026-11-25'));
    expect(own?.data).toMatchObject({ reason: 'routine', attempt: 1 });
  });

  it('does a claimed window that a dead run left, once the lease is over', async () => {
    const { calendar, sweep, ports, passLease, announced, exportCalls } = await runningTarget();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'api.submit', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    expect(counts(await sweep())).toMatchObject({ planned: 0, announced: 0 });
    expect(exportCalls()).toBe(0);
    passLease();
    expect(counts(await sweep())).toMatchObject({ planned: 1, announced: 1 });
    expect(await announced()).toEqual(['11-22/11-23']);
  });

  it.each(['before', 'after'] as const)(
    'sends the message of a run that died %s sending it',
    async (when) => {
      const { calendar, sweep, ports, passLease, messages, exportCalls, rows } = await runningTarget();
      const { died, ports: mortal } = mortalPorts(ports(), { when, call: 'queue.announce', nth: 1 });
      void calendar({ ports: mortal });
      await died;
      expect(counts(await sweep())).toMatchObject({ planned: 0, announced: 0 });
      expect(await rows()).toEqual(['11-22/11-23 submitted']);
      passLease();
      expect(counts(await sweep())).toMatchObject({ planned: 1, announced: 1 });
      expect(await messages()).toHaveLength(when === 'before' ? 1 : 2);
      expect(new Set((await messages()).map((message) => JSON.stringify(message))).size).toBe(1);
      expect(exportCalls()).toBe(1);
      expect(await rows()).toEqual(['11-22/11-23 announced']);
    },
  );

  it('twice at once sends a message that was left over once, and orders nothing twice', async () => {
    const { calendar, sweep, ports, pass, messages, exportCalls } = await runningTarget();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'queue.announce', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    pass({ hours: 1 });
    await Promise.all([sweep(), sweep(), calendar()]);
    expect(await messages()).toHaveLength(1);
    expect(exportCalls()).toBe(1);
  });

  it('records as lost what the calendar has missed for too long, once', async () => {
    const { calendar, sweep, pass, rows, exportCalls, told } = await runningTarget();
    await calendar();
    pass({ hours: 1 });
    await sweep();
    pass({ hours: 24 * 31 });
    const report = await sweep();
    expect(report.lost).toEqual([
      { start: '2026-11-23T00:00:00Z', end: '2026-11-24T00:00:00Z' },
      { start: '2026-11-24T00:00:00Z', end: '2026-11-24T01:40:00Z' },
    ]);
    expect(told('window_lost')).toHaveLength(2);
    expect(() => orThrow({ targets: [report] })).toThrow('lost');
    const again = await sweep();
    expect(again.lost).toEqual([]);
    expect(orThrow({ targets: [again] })).toEqual({ targets: [again] });
    expect(exportCalls()).toBe(1);
    expect(await rows()).toHaveLength(3);
  });

  it('tells which windows are at risk, and for how many hours they can still be exported', async () => {
    const { calendar, sweep, time, coverage } = await runningTarget();
    await calendar();
    time.now = at('2026-12-22T00:00:00Z');
    await sweep();
    expect(coverage()?.atRisk).toEqual([]);
    time.now = at('2026-12-22T12:00:00Z');
    await sweep();
    const window = { start: at('2026-11-23T00:00:00Z'), end: at('2026-11-24T00:00:00Z') };
    expect(coverage()).toMatchObject({ atRisk: [window], hoursLeft: 12 });
  });

  it('whose time is over leaves what it had to do', async () => {
    const { calendar, sweep, pass, emulator, exportCalls } = await runningTarget();
    emulator.setScenario({ steps: [REFUSED] });
    await calendar();
    pass({ hours: 1 });
    expect(counts(await sweep({ signal: AbortSignal.abort() }))).toMatchObject({ announced: 0 });
    expect(exportCalls()).toBe(1);
    expect(counts(await sweep())).toMatchObject({ announced: 1 });
  });
});

describe('a backfill', () => {
  const window = { start: at('2026-11-10T00:00:00Z'), end: at('2026-11-11T00:00:00Z') };
  const trigger = { kind: 'command', scheduled_time: '2026-11-23T00:35:00Z' } as const;

  it('before the origin that failed is gone on with, confirmed, and watched no longer than it can matter', async () => {
    const { calendar, sweep, pass, ports, targetWith, emulator, rows, stored } = await runningTarget();
    await calendar();
    await watchFrom(ports(), 'acme', window.start);
    emulator.setScenario({ steps: [REFUSED] });
    await submitWindow(ports(), { target: targetWith(), window, reason: 'backfill', trigger }, never);
    pass({ hours: 1 });
    expect(counts(await sweep())).toMatchObject({ planned: 1, announced: 1, confirmed: 1 });
    pass({ hours: 1 });
    expect(counts(await sweep())).toMatchObject({ planned: 0, confirmed: 1 });
    expect(await rows()).toEqual(['11-10/11-11 confirmed', '11-22/11-23 confirmed']);
    expect((await stored())?.watchedFrom).toEqual(window.start);
    pass({ hours: 24 * 31 });
    await sweep();
    expect(await stored()).not.toHaveProperty('watchedFrom');
    expect((await stored())?.origin).toEqual(at('2026-11-22T00:00:00Z'));
  });

  it('of a target that never ran is gone on with, and the sweeps go on once it is over', async () => {
    const { sweep, pass, ports, targetWith, emulator, rows } = await runningTarget();
    await watchFrom(ports(), 'acme', window.start);
    emulator.setScenario({ steps: [REFUSED] });
    await submitWindow(ports(), { target: targetWith(), window, reason: 'backfill', trigger }, never);
    for (const hours of [1, 1, 24 * 40, 1, 1]) {
      pass({ hours });
      expect(await sweep()).toMatchObject({ failed: [], lost: [] });
    }
    expect(await rows()).toEqual(['11-10/11-11 confirmed']);
  });
});
