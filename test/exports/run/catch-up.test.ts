import { describe, expect, it } from 'vitest';
import { orThrow } from '../../../lib/exports/window/run-report.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import { at, counts, days, moment, runningTarget, short } from '../running-target.ts';

// Of lib/exports: scheduled-run.ts, and run/scheduled-windows.ts and passes.ts, with the emulator and SQLite.

describe('a run after missed ones', () => {
  it.each([
    [1, []],
    [5, []],
    // The next run would come too late for all of the first day.
    [28, ['11-23/11-24']],
  ])(
    'of %d days orders what is at risk, then its current window, then the rest, each oldest first',
    async (missed, atRisk) => {
      const { calendar, pass, published, reported, messages } = await runningTarget();
      await calendar();
      pass({ hours: 24 * (missed + 1) });
      const last = at('2026-11-23T00:00:00Z').add({ hours: 24 * missed });
      const [own = '', ...late] = days('11-23', moment(last)).reverse();
      const rest = late.reverse().slice(atRisk.length);
      const report = await calendar();
      expect(counts(report)).toEqual({
        planned: missed + 1,
        published: missed + 1,
        already_covered: 0,
        deferred: 0,
        confirmed: 1,
      });
      expect(await published()).toEqual(['11-22/11-23', ...atRisk, own, ...rest]);
      expect(reported('target_planned')).toEqual([
        { type: 'target_planned', targetId: 'acme', windows: missed + 1 },
      ]);
      const reasons = (await messages()).map(({ data }) => data.reason);
      const catchUp = (windows: readonly string[]) => windows.map(() => 'catch-up');
      expect(reasons).toEqual(['routine', ...catchUp(atRisk), 'routine', ...catchUp(rest)]);

      pass({ minutes: 1 });
      expect(counts(await calendar())).toEqual({
        planned: 1,
        published: 0,
        already_covered: 1,
        deferred: 0,
        confirmed: missed + 1,
      });
      expect(await published()).toHaveLength(missed + 2);
    },
  );

  it.each([29, 31, 40])(
    'of %d days orders what Huawei still has, and records the rest as lost',
    async (missed) => {
      const { calendar, pass, published, rows, stored } = await runningTarget();
      await calendar();
      pass({ minutes: 5 });
      await calendar();
      pass({ hours: 24 * (missed + 1) });
      pass({ minutes: -5 });
      const own = at('2026-11-23T00:00:00Z').add({ hours: 24 * missed });
      const cutoff = own.subtract({ hours: 24 * 29 }).add({ minutes: 40 });
      const firstWhole = cutoff.add({ hours: 24 }).subtract({ minutes: 40 });
      const cut = short({ start: cutoff, end: firstWhole });
      const [firstDay = '', ...others] = days(moment(firstWhole), moment(own));
      const ownDay = others.pop();
      const report = await calendar();
      expect((await published()).slice(1)).toEqual([cut, firstDay, ownDay, ...others]);
      expect(counts(report)).toMatchObject({ planned: 30, published: 30, deferred: 0 });
      expect(report.lost).toHaveLength(missed - 28);
      expect(() => orThrow({ targets: [report] })).toThrow('lost. Huawei keeps login records 30 days');

      pass({ minutes: 1 });
      const second = await calendar();
      expect(counts(second)).toMatchObject({ planned: 1, published: 0, already_covered: 1, confirmed: 30 });
      expect(orThrow({ targets: [second] }).targets).toEqual([second]);
      expect((await rows()).filter((row) => row.endsWith(' lost'))).toHaveLength(missed - 28);
      expect((await stored())?.coveredUntil).toEqual(own.add({ hours: 24 }));
    },
  );

  it('covers the night that clocks went back, 25 hours of it, and has no other', async () => {
    const window = { time_zone: 'Europe/Berlin' };
    const { calendar, time, published } = await runningTarget({ window });
    time.now = at('2026-10-24T22:35:00Z');
    await calendar();
    time.now = at('2026-10-27T23:35:00Z');
    await calendar();
    expect(await published()).toEqual([
      '10-23T22:00/10-24T22:00',
      '10-26T23:00/10-27T23:00',
      '10-24T22:00/10-25T23:00',
      '10-25T23:00/10-26T23:00',
    ]);
  });
});

describe('runs out of order', () => {
  it('give the late one, for a time before the first, its current window', async () => {
    const { calendar, pass, published, stored } = await runningTarget();
    pass({ hours: 48 });
    await calendar();
    expect(await published()).toEqual(['11-24/11-25']);
    const report = await calendar({ at: '2026-11-23T00:35:00Z' });
    expect(counts(report)).toMatchObject({ planned: 1, published: 1 });
    expect(await published()).toEqual(['11-24/11-25', '11-22/11-23']);
    expect((await stored())?.coveredFrom).toEqual(at('2026-11-24T00:00:00Z'));
    pass({ minutes: 1 });
    expect(counts(await calendar({ at: '2026-11-23T00:35:00Z' }))).toMatchObject({
      already_covered: 1,
      confirmed: 2,
    });
  });

  it('find what a newer run has caught up', async () => {
    const { calendar, pass, published } = await runningTarget();
    await calendar();
    pass({ hours: 72 });
    await calendar();
    expect(await published()).toHaveLength(4);
    expect(counts(await calendar({ at: '2026-11-24T00:35:00Z' }))).toMatchObject({
      planned: 1,
      already_covered: 1,
    });
    expect(await published()).toHaveLength(4);
  });

  it('go on with the window before the first run, though its own run failed', async () => {
    const { calendar, sweep, pass, emulator, published, rows } = await runningTarget();
    pass({ hours: 48 });
    await calendar();
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'forbidden' } }] });
    expect((await calendar({ at: '2026-11-23T00:35:00Z' })).failed).toHaveLength(1);
    pass({ hours: 1 });
    await sweep();
    expect(await published()).toEqual(['11-24/11-25', '11-22/11-23']);
    pass({ hours: 1 });
    await sweep();
    expect(await rows()).toEqual(['11-22/11-23 confirmed', '11-24/11-25 confirmed']);
  });
});

describe('start_at', () => {
  it('in the middle of a window begins with the rest of it', async () => {
    const { calendar, published, stored } = await runningTarget({ start_at: '2026-11-20T06:30:00Z' });
    await calendar();
    expect(await published()).toEqual(['11-22/11-23', '11-20T06:30/11-21', '11-21/11-22']);
    expect((await stored())?.coveredFrom).toEqual(at('2026-11-20T06:30:00Z'));
  });

  it('in the middle of the current window begins with all of that window', async () => {
    const { calendar, published, stored } = await runningTarget({ start_at: '2026-11-22T23:00:00Z' });
    expect(counts(await calendar())).toMatchObject({ planned: 1, published: 1 });
    expect(await published()).toEqual(['11-22/11-23']);
    expect((await stored())?.coveredFrom).toEqual(at('2026-11-22T00:00:00Z'));
  });

  it('in the future orders nothing before it has come, and then begins with the window that it lies in', async () => {
    const { calendar, sweep, pass, published, stored } = await runningTarget({
      start_at: '2026-11-24T12:00:00Z',
    });
    for (let run = 0; run < 2; run += 1) {
      expect(counts(await calendar())).toMatchObject({ planned: 0, published: 0, already_covered: 0 });
      expect((await sweep()).failed).toEqual([]);
      pass({ hours: 24 });
    }
    expect(await stored()).toBeUndefined();
    await calendar();
    expect(await published()).toEqual(['11-24/11-25']);
    expect((await stored())?.coveredFrom).toEqual(at('2026-11-24T00:00:00Z'));
  });

  it('at the very end of a window has it not started', async () => {
    const { calendar, published, pass } = await runningTarget({ start_at: '2026-11-23T00:00:00Z' });
    await calendar();
    expect(await published()).toEqual([]);
    pass({ hours: 24 });
    await calendar();
    expect(await published()).toEqual(['11-23/11-24']);
  });

  it('in the distant past says once what Huawei no longer had, which is no loss, and orders the rest', async () => {
    const { calendar, pass, published, rows, reported, stored } = await runningTarget({
      start_at: '2026-08-15T00:00:00Z',
    });
    const report = await calendar();
    expect(orThrow({ targets: [report] }).targets).toEqual([report]);
    const before = { start: at('2026-08-15T00:00:00Z'), end: at('2026-10-24T00:40:00Z') };
    expect(reported('before_retention')).toEqual([
      { type: 'before_retention', targetId: 'acme', window: before },
    ]);
    const rest = days('10-26', '11-21');
    expect(await published()).toEqual(['10-24T00:40/10-25', '10-25/10-26', '11-22/11-23', ...rest]);
    expect(await rows()).toHaveLength(30);
    expect((await stored())?.coveredFrom).toEqual(before.end);
    pass({ hours: 24 });
    expect(counts(await calendar())).toMatchObject({ published: 1, confirmed: 30 });
    expect(reported('before_retention')).toEqual([]);
    expect((await stored())?.coveredFrom).toEqual(before.end);
  });

  it('that is made earlier extends coverage, and what is between is exported after the current window', async () => {
    const { calendar, pass, published, stored, reported } = await runningTarget();
    await calendar();
    pass({ hours: 24 });
    await calendar({ start_at: '2026-11-20T12:00:00Z' });
    expect((await published()).slice(1)).toEqual(['11-23/11-24', '11-20T12:00/11-21', '11-21/11-22']);
    expect(reported('coverage_reset')).toEqual([]);
    expect((await stored())?.coveredFrom).toEqual(at('2026-11-20T12:00:00Z'));
    pass({ minutes: 1 });
    await calendar({ start_at: '2026-11-20T12:00:00Z' });
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-24T00:00:00Z'));
    expect(await published()).toHaveLength(4);
  });

  it.each(['2026-11-23T00:00:00Z', '2027-01-01T00:00:00Z', null])(
    'that is made later, %s, shortens nothing',
    async (start_at) => {
      const { calendar, pass, published, stored } = await runningTarget({ start_at: '2026-11-21T00:00:00Z' });
      await calendar();
      pass({ hours: 24 });
      await calendar({ start_at });
      expect(await published()).toEqual(['11-22/11-23', '11-21/11-22', '11-23/11-24']);
      expect((await stored())?.coveredFrom).toEqual(at('2026-11-21T00:00:00Z'));
    },
  );

  it('is a border: a late run for a time before it orders nothing', async () => {
    const { calendar, published } = await runningTarget({ start_at: '2026-11-22T00:00:00Z' });
    await calendar();
    await calendar({ at: '2026-11-21T00:35:00Z' });
    expect(await published()).toEqual(['11-22/11-23']);
  });
});

describe('changed settings', () => {
  it.each([
    ['shorter windows', { window: { every: 'PT6H' } }, ['11-23T18:00/11-24', '11-23/11-23T06:00']],
    ['another zone', { window: { time_zone: 'Asia/Tokyo' } }, ['11-23/11-23T15:00']],
    ['other filters', { filters: { user_name: 'someone' } }, ['11-23/11-24']],
  ])('%s make no gap, and nothing that is covered is ordered again', async (_, settings, firsts) => {
    const { calendar, sweep, pass, published, stored } = await runningTarget();
    await calendar();
    pass({ hours: 24 });
    await calendar(settings);
    const after = (await published()).slice(1);
    expect(after.slice(0, firsts.length)).toEqual(firsts);
    for (let hour = 0; hour < 72; hour += 1) {
      pass({ hours: 1 });
      await (hour % 24 === 23 ? calendar(settings) : sweep(settings));
    }
    const spans = (await published()).sort().map((text) => text.split('/'));
    expect(spans.slice(1).map(([start]) => start)).toEqual(spans.slice(0, -1).map(([, end]) => end));
    pass({ minutes: 5 });
    await sweep(settings);
    const coveredUntil = (await stored())?.coveredUntil;
    expect(coveredUntil && moment(coveredUntil)).toBe(spans.at(-1)?.[1]);
  });

  it('longer windows take the rest of the day that shorter ones began', async () => {
    const { calendar, pass, published } = await runningTarget({ window: { every: 'PT6H' } });
    await calendar();
    pass({ hours: 8 });
    await calendar();
    expect((await published()).at(-1)).toBe('11-23/11-23T06:00');
    pass({ hours: 16 });
    await calendar({ window: { every: 'P1D' } });
    expect((await published()).slice(2)).toEqual(['11-23T06:00/11-24']);
  });

  it('after a window that failed do not order again what was then done in parts', async () => {
    const { calendar, sweep, pass, published, emulator, exportCalls } = await runningTarget();
    await calendar();
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'forbidden' } }] });
    pass({ hours: 24 });
    await calendar();
    const parts = { window: { every: 'PT6H' } };
    pass({ hours: 1 });
    await calendar(parts);
    expect((await published()).slice(1)).toEqual([
      '11-23T18:00/11-24',
      '11-23/11-23T06:00',
      '11-23T06:00/11-23T12:00',
      '11-23T12:00/11-23T18:00',
    ]);
    // The third part does not end well at first, so that coverage stands in the middle of the row that failed.
    const [, , , , third] = emulator.tasks();
    emulator.failTask(third?.id ?? '', 'busy');
    emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect: { type: 'forbidden' } }] });
    pass({ hours: 1 });
    await sweep(parts);
    const calls = exportCalls();
    pass({ hours: 1 });
    const report = await sweep({ ...parts, filters: { user_name: 'someone' } });
    expect(report.failed.map(({ window }) => window.start)).toEqual(['2026-11-23T12:00:00Z']);
    expect(exportCalls()).toBe(calls + 1);
  });
});

describe('the time of a run', () => {
  it('that is over midway leaves the rest, counted once, and the next run goes on there', async () => {
    const { calendar, pass, published, reported, ports } = await runningTarget();
    await calendar();
    pass({ hours: 24 * 10 });
    const over = new AbortController();
    const inTime = ports();
    const queue = {
      ...inTime.queue,
      publish: async (...given: Parameters<typeof inTime.queue.publish>) => {
        await inTime.queue.publish(...given);
        if ((await published()).length === 4) over.abort();
      },
    };
    const report = await calendar({ ports: { ...inTime, queue }, signal: over.signal });
    expect(counts(report)).toMatchObject({ planned: 10, published: 3, deferred: 7 });
    expect(reported('windows_deferred')).toEqual([
      { type: 'windows_deferred', targetId: 'acme', windows: 7, why: 'it was interrupted' },
    ]);
    expect(reported('window_deferred')).toEqual([]);
    expect(orThrow({ targets: [report] })).toEqual({ targets: [report] });
    expect(await published()).toEqual(['11-22/11-23', '12-02/12-03', ...days('11-23', '11-24')]);
    pass({ minutes: 15 });
    expect(counts(await calendar())).toEqual({
      planned: 8,
      published: 7,
      already_covered: 1,
      deferred: 0,
      confirmed: 3,
    });
    expect((await published()).slice(4)).toEqual(days('11-25', '12-01'));
  });

  it('that is over in the middle of a call leaves that window too, free at once', async () => {
    const { calendar, pass, published, reported, emulator, ports } = await runningTarget();
    await calendar();
    pass({ hours: 48 });
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'slow', milliseconds: 60_000 } }] });
    const over = new AbortController();
    const inTime = ports();
    const submit: typeof inTime.api.submit = (...given) => {
      setTimeout(() => over.abort(), 30);
      return inTime.api.submit(...given);
    };
    const report = calendar({ ports: { ...inTime, api: { ...inTime.api, submit } }, signal: over.signal });
    expect(counts(await report)).toMatchObject({ planned: 2, published: 0, deferred: 2 });
    const left = reported('windows_deferred').reduce((sum, { windows }) => sum + windows, 0);
    expect(left + reported('window_deferred').length).toBe(2);
    emulator.setScenario({ steps: [] });
    expect(counts(await calendar())).toMatchObject({ planned: 2, published: 2 });
    expect(await published()).toEqual(['11-22/11-23', '11-24/11-25', '11-23/11-24']);
  });
});

describe('a window that fails', () => {
  it('in the middle does not stop the later ones, and the next run tries it again', async () => {
    const { calendar, pass, published, rows, emulator, messages } = await runningTarget();
    await calendar();
    pass({ hours: 24 * 4 });
    emulator.setScenario({
      steps: [
        { on: 'export', times: 2, effect: { type: 'pass' } },
        { on: 'export', effect: { type: 'forbidden' } },
      ],
    });
    const report = await calendar();
    expect(report.failed).toMatchObject([{ kind: 'refused', window: { start: '2026-11-24T00:00:00Z' } }]);
    expect(counts(report)).toMatchObject({ planned: 4, published: 3 });
    expect((await rows()).filter((row) => row.endsWith('failed'))).toEqual(['11-24/11-25 failed']);
    pass({ hours: 24 });
    expect(counts(await calendar())).toMatchObject({ planned: 2, published: 2 });
    expect((await published()).slice(-2)).toEqual(['11-27/11-28', '11-24/11-25']);
    expect((await messages()).at(-1)?.data).toMatchObject({ reason: 'catch-up', attempt: 1 });
  });

  it('as the current window of a run is still that when a later run orders it: the same message id', async () => {
    const { calendar, pass, emulator, messages } = await runningTarget();
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'forbidden' } }] });
    await calendar();
    pass({ hours: 24 });
    await calendar();
    expect((await messages()).map(({ data }) => data.reason)).toEqual(['routine', 'routine']);
  });

  it('because the ledger is missing fails the current window, and nothing is thrown', async () => {
    const { calendar, ports, reported } = await runningTarget();
    const broken = ports();
    const ledger = { ...broken.ledger, list: () => Promise.reject(new Error('the disk is gone')) };
    const report = await calendar({ ports: { ...broken, ledger } });
    expect(report).toMatchObject({
      planned: 1,
      failed: [{ kind: 'unexpected', window: { start: '2026-11-22T00:00:00Z' } }],
    });
    expect(reported('window_failed')).toHaveLength(1);
  });
});

describe('a window in the hands of another run', () => {
  it('is left, reported when it is free, and is neither covered nor a gap', async () => {
    const { calendar, ports, reported, coverage, rows } = await runningTarget();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'api.submit', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    expect(counts(await calendar())).toMatchObject({ planned: 1, deferred: 1, already_covered: 0 });
    expect(reported('window_deferred')).toMatchObject([
      { why: 'another run has leased it until 2026-11-23T00:41:00Z' },
    ]);
    expect(coverage()).toMatchObject({ hoursLeft: 720, atRisk: [] });
    expect(await rows()).toEqual(['11-22/11-23 claimed']);
  });

  it('that died is done again after its lease, and the task that nobody knows is counted', async () => {
    const { calendar, ports, passLease, entries, emulator, published } = await runningTarget();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'after', call: 'api.submit', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    passLease();
    expect(counts(await calendar())).toMatchObject({ planned: 1, published: 1 });
    expect(await entries()).toMatchObject([{ state: 'published', orphans: 1, attempt: 1 }]);
    expect(emulator.tasks()).toHaveLength(2);
    expect(await published()).toEqual(['11-22/11-23']);
  });

  it('that died before its message was sent is published first, without another order', async () => {
    const { calendar, ports, pass, published, emulator, reported } = await runningTarget();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'queue.publish', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    pass({ hours: 24 });
    expect(counts(await calendar())).toMatchObject({ planned: 2, published: 2, already_covered: 0 });
    expect(reported('target_planned')).toMatchObject([{ windows: 2 }]);
    expect(await published()).toEqual(days('11-22', '11-23'));
    expect(emulator.tasks()).toHaveLength(2);
  });
});

it('a run whose time was over before it began leaves all as it is', async () => {
  const { calendar, stored, emulator } = await runningTarget();
  expect(counts(await calendar({ signal: AbortSignal.abort() }))).toMatchObject({
    planned: 1,
    deferred: 1,
  });
  expect(await stored()).toBeUndefined();
  expect(emulator.requests()).toEqual([]);
});
