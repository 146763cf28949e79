import { describe, expect, it } from 'vitest';
import { filtersDigest } from '../../../lib/domain/ledger/window-row.ts';
import { markLost } from '../../../lib/exports/coverage/mark-lost.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import { at, counts, days, never, runningTarget, short } from '../running-target.ts';

// Of lib/exports: record-loss.ts, and what becomes of windows at the retention cutoff.

const REFUSED = { on: 'export', times: 'always', effect: { type: 'forbidden' } } as const;
const window = { start: at('2026-11-22T00:00:00Z'), end: at('2026-11-23T00:00:00Z') };
const lostSpans = (report: { lost: { start: string; end: string }[] }) =>
  report.lost.map(({ start, end }) => short({ start: at(start), end: at(end) }));

describe('a window that failed until it was too late', () => {
  it('is recorded as lost in its place, with the failure that was why', async () => {
    const { calendar, sweep, emulator, time, rows, readRow } = await runningTarget();
    emulator.setScenario({ steps: [REFUSED] });
    await calendar();
    time.now = at('2026-12-23T00:10:00Z');
    expect(lostSpans(await sweep())).toContain('11-22/11-23');
    expect((await rows())[0]).toBe('11-22/11-23 lost');
    expect(await readRow(window, filtersDigest({}))).toMatchObject({
      state: 'lost',
      reason: 'routine',
      attempt: 1,
      failure: { kind: 'refused', vendorCode: 'PAP5.0001' },
    });
  });

  it('is reported as lost second by second, none of them twice, while the cutoff passes through it', async () => {
    const { calendar, sweep, emulator, time, pass, stored } = await runningTarget();
    emulator.setScenario({ steps: [REFUSED] });
    await calendar();
    time.now = at('2026-12-21T23:10:00Z');
    const lost: string[] = [];
    for (let hour = 0; hour < 26; hour += 1) {
      pass({ hours: 1 });
      lost.push(...lostSpans(await sweep()));
    }
    const starts = lost.map((span) => span.split('/')[0]);
    const ends = lost.map((span) => span.split('/')[1]);
    expect(starts[0]).toBe('11-22');
    expect(starts.slice(1)).toEqual(ends.slice(0, -1));
    expect(ends.at(-1)).toBe('11-23T01:15');
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-23T01:15:00Z'));
  });

  it('is reported once, also when windows have another length by then', async () => {
    const { calendar, sweep, emulator, time, pass } = await runningTarget();
    emulator.setScenario({ steps: [REFUSED] });
    await calendar();
    time.now = at('2026-12-22T08:00:00Z');
    const shorter = { window: { every: 'PT6H' } };
    expect(lostSpans(await sweep())).toEqual(['11-22/11-22T08:05']);
    expect(lostSpans(await sweep(shorter))).toEqual([]);
    pass({ hours: 1 });
    expect(lostSpans(await sweep(shorter))).toEqual(['11-22T08:05/11-22T09:05']);
  });

  it('that straddles the cutoff is exported from the cutoff on, and only what was cut off is lost', async () => {
    const { calendar, emulator, time, published, rows, messages } = await runningTarget();
    emulator.setScenario({ steps: [REFUSED] });
    await calendar();
    emulator.setScenario({ steps: [] });
    time.now = at('2026-12-22T08:00:00Z');
    const report = await calendar({ at: '2026-11-23T00:35:00Z' });
    expect(lostSpans(report)).toEqual(['11-22/11-22T08:05']);
    expect(await published()).toEqual(['11-22T08:05/11-23']);
    expect((await messages())[0]?.data.request.login_start_time).toBe('2026-11-22T08:05:00Z');
    expect(await rows()).toEqual([
      '11-22/11-22T08:05 lost',
      '11-22/11-23 failed',
      '11-22T08:05/11-23 published',
    ]);
  });
});

describe('a window whose run died', () => {
  it('before it had a task is lost in its place, after the lease', async () => {
    const { calendar, sweep, ports, time, rows } = await runningTarget();
    time.now = at('2026-12-21T23:54:00Z');
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'api.submit', nth: 1 });
    void calendar({ ports: mortal, at: '2026-11-23T00:35:00Z', start_at: '2026-11-22T00:00:00Z' });
    await died;
    time.now = at('2026-12-21T23:59:59Z');
    expect((await sweep()).lost).toEqual([]);
    time.now = at('2026-12-23T00:10:00Z');
    await sweep();
    expect((await rows())[0]).toBe('11-22/11-23 lost');
  });

  it('with a task is published and not lost, however late', async () => {
    const { calendar, sweep, ports, time, published, rows } = await runningTarget();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'queue.publish', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    time.now = at('2026-12-23T00:10:00Z');
    expect(lostSpans(await sweep())).toEqual(['11-23/11-23T00:15']);
    expect(await published()).toEqual([
      '11-22/11-23',
      '11-23T00:15/11-24',
      '12-21/12-22',
      ...days('11-24', '12-20'),
    ]);
    expect((await rows())[0]).toBe('11-22/11-23 published');
  });
});

it('a window that is published is not lost when it is too old: it is reported as never confirmed, and then coverage passes it', async () => {
  const { calendar, sweep, emulator, time, pass, rows, stored, coverage } = await runningTarget();
  await calendar();
  emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
  time.now = at('2026-12-22T23:54:00Z');
  expect(await sweep()).toMatchObject({ published: 29, failed: [], lost: [] });
  expect((await stored())?.coveredUntil).toEqual(window.start);
  expect(coverage()?.unconfirmed).toBe(30);
  time.now = at('2026-12-22T23:55:00Z');
  const report = await sweep();
  expect(report.failed.map(({ window: { start }, kind }) => `${start} ${kind}`)).toEqual([
    '2026-11-22T00:00:00Z never_confirmed',
  ]);
  expect(report.lost).toEqual([]);
  expect((await stored())?.coveredUntil).toEqual(window.end);
  expect(coverage()?.unconfirmed).toBe(29);
  expect((await rows())[0]).toBe('11-22/11-23 published');
  pass({ minutes: 1 });
  expect(await sweep()).toMatchObject({ failed: [], lost: [] });
});

it('a window that was exhausted is lost in its place', async () => {
  const { calendar, sweep, emulator, pass, time, rows, readRow } = await runningTarget({ max_attempts: 1 });
  await calendar();
  emulator.failTask(emulator.tasks()[0]?.id ?? '', 'too busy');
  pass({ minutes: 1 });
  expect((await sweep()).failed).toHaveLength(1);
  time.now = at('2026-12-23T00:10:00Z');
  expect(lostSpans(await sweep())).toEqual(['11-22/11-23', '11-23/11-23T00:15']);
  expect((await rows())[0]).toBe('11-22/11-23 lost');
  expect(await readRow(window, filtersDigest({}))).toMatchObject({ failure: { kind: 'task_failed' } });
});

it('a window that was exhausted is lost as a whole, and not a piece with each sweep', async () => {
  const { calendar, sweep, emulator, pass, time } = await runningTarget({ max_attempts: 1 });
  await calendar();
  emulator.failTask(emulator.tasks()[0]?.id ?? '', 'too busy');
  pass({ minutes: 1 });
  expect((await sweep()).failed).toHaveLength(1);
  time.now = at('2026-12-22T12:00:00Z');
  // The night of the 23rd was not exported either, and Huawei still has it.
  expect(await sweep()).toMatchObject({ lost: [], failed: [] });
  time.now = at('2026-12-22T23:50:00Z');
  expect(lostSpans(await sweep())).toEqual([]);
  time.now = at('2026-12-22T23:55:00Z');
  expect(lostSpans(await sweep())).toEqual(['11-22/11-23']);
  expect(lostSpans(await sweep())).toEqual([]);
});

it.each(['published', 'confirmed'])(
  'a window that another run has %s meanwhile is not lost',
  async (state) => {
    const { calendar, sweep, emulator, pass, ports, targetWith, entries, readRow, reported } =
      await runningTarget();
    emulator.setScenario({ steps: [{ ...REFUSED, times: 1 }] });
    await calendar();
    const stale = await entries();
    await calendar();
    pass({ minutes: 1 });
    if (state === 'confirmed') await sweep();
    const before = await readRow(window, filtersDigest({}));
    expect(before?.state).toBe(state);
    const scheduledTime = at('2026-12-23T00:10:00Z');
    const trigger = { kind: 'schedule', scheduled_time: scheduledTime.toString() } as const;
    const input = { target: targetWith(), scheduledTime, trigger };
    expect(await markLost(ports(), input, { entries: stale, pastCutoff: [window] }, never)).toEqual([]);
    expect(await readRow(window, filtersDigest({}))).toEqual(before);
    expect(reported('window_lost')).toEqual([]);
  },
);

it('two runs at once record a loss once, and each loss is reported at least once', async () => {
  const { calendar, sweep, pass, rows, reported } = await runningTarget();
  await calendar();
  pass({ minutes: 5 });
  await sweep();
  pass({ hours: 24 * 40 });
  const reports = await Promise.all([calendar(), calendar()]);
  const expected = [...days('11-23', '12-02'), '12-03/12-03T00:45'];
  const unique = (spans: readonly string[]) => [...new Set(spans)].sort();
  expect(unique(reports.flatMap((report) => lostSpans(report)))).toEqual(expected);
  expect(unique(reported('window_lost').map(({ window }) => short(window)))).toEqual(expected);
  const lostRows = (await rows()).filter((row) => row.endsWith(' lost'));
  expect(lostRows).toEqual(expected.map((span) => `${span} lost`));
  pass({ minutes: 1 });
  expect((await sweep()).lost).toEqual([]);
});

it('a run whose time is over records no loss; the next one does', async () => {
  const { calendar, sweep, pass, ports, rows } = await runningTarget();
  await calendar();
  pass({ minutes: 5 });
  await sweep();
  pass({ hours: 24 * 32 });
  const over = new AbortController();
  const inTime = ports();
  const list: typeof inTime.ledger.list = (...given) => {
    over.abort();
    return inTime.ledger.list(...given);
  };
  const ledger = { ...inTime.ledger, list };
  const report = await calendar({ ports: { ...inTime, ledger }, signal: over.signal });
  expect(report.lost).toEqual([]);
  expect(counts(report)).toMatchObject({ published: 0, deferred: 30 });
  expect(await rows()).toEqual(['11-22/11-23 confirmed']);
  expect(lostSpans(await calendar())).toEqual([...days('11-23', '11-24'), '11-25/11-25T00:45']);
});
