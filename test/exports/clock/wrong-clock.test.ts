import { describe, expect, it } from 'vitest';
import { days } from '../running-target.ts';
import { at, type Credential, wrongClock } from './wrong-clock.ts';

const OFFSETS: [string, number][] = [
  ['two hours ahead', 2 * 3600],
  ['one day ahead', 24 * 3600],
  ['forty days ahead', 40 * 24 * 3600],
  ['twenty minutes behind', -20 * 60],
  ['thirty-three days behind', -33 * 24 * 3600],
];
const CREDENTIALS: Credential[] = ['password', 'access_key'];
const CASES = OFFSETS.flatMap(([name, seconds]) =>
  CREDENTIALS.map((credential) => [name, credential, seconds] as const),
);

// Of 25 days: far enough back for a clock that is ahead to think that they are lost.
const START = { start_at: '2026-10-30T00:00:00Z' };
const ALL = days('10-30', '11-22');

describe.each(CASES)('a clock that is %s, with a %s credential', (_, credential, aheadSeconds) => {
  it('makes a run export exactly what is over at Huawei, once, lose nothing, and name the clock', async () => {
    const { machine, run, published, emulator, reported, stored, pass } = await wrongClock({
      settings: START,
      credential,
    });
    machine.aheadSeconds = aheadSeconds;
    expect(await run()).toMatchObject({ published: ALL.length, failed: [], lost: [] });
    expect(await published()).toEqual(ALL);
    expect(emulator.tasks()).toHaveLength(ALL.length);
    expect(reported('clock_learnt')).toEqual([{ type: 'clock_learnt', targetId: 'acme', aheadSeconds }]);
    expect((await stored())?.clockOffsetSeconds).toBe(aheadSeconds);
    pass({ minutes: 10 });
    expect(await run()).toMatchObject({ published: 0, confirmed: ALL.length, failed: [], lost: [] });
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-23T00:00:00Z'));
    pass({ hours: 24 });
    expect(await run()).toMatchObject({ published: 1, failed: [], lost: [] });
    expect(await published()).toEqual([...ALL, '11-23/11-24']);
  });

  it('makes a sweep do what was due at the latest firing, and nothing else', async () => {
    const { machine, run, published, emulator, reported, pass } = await wrongClock({
      settings: START,
      credential,
    });
    machine.aheadSeconds = aheadSeconds;
    pass({ hours: 5 });
    expect(await run({ sweep: true })).toMatchObject({ published: ALL.length, failed: [], lost: [] });
    expect(await published()).toEqual(ALL);
    expect(emulator.tasks()).toHaveLength(ALL.length);
    expect(reported('clock_learnt')).toEqual([{ type: 'clock_learnt', targetId: 'acme', aheadSeconds }]);
    // AWS says when it fired the sweep, and its clock is right.
    expect(await run({ sweep: true, at: '2026-11-23T05:35:00Z' })).toMatchObject({ published: 0, lost: [] });
  });

  it('makes a backfill export exactly the range, once', async () => {
    const { machine, fill, published, emulator, reported } = await wrongClock({ credential });
    machine.aheadSeconds = aheadSeconds;
    const report = await fill('2026-10-30T00:00:00Z', '2026-12-01T00:00:00Z');
    expect(report).toMatchObject({ published: ALL.length, failed: [], lost: [] });
    expect(await published()).toEqual(ALL);
    expect(emulator.tasks()).toHaveLength(ALL.length);
    expect(reported('window_lost')).toEqual([]);
  });
});

it('a clock that agrees to five minutes is not reported, and no second host is asked', async () => {
  const { machine, run, reported, stored, questions } = await wrongClock();
  for (const aheadSeconds of [0, 300, -300]) {
    machine.aheadSeconds = aheadSeconds;
    expect(await run()).toMatchObject({ failed: [] });
    expect(reported('clock_learnt')).toMatchObject([{ aheadSeconds }]);
    expect(await stored()).not.toHaveProperty('clockOffsetSeconds');
  }
  expect(questions()).toEqual(['export', 'export', 'export']);
  machine.aheadSeconds = 301;
  await run();
  expect(questions().slice(3)).toEqual(['export', 'iam']);
  expect((await stored())?.clockOffsetSeconds).toBe(301);
  machine.aheadSeconds = 0;
  await run();
  expect(await stored()).not.toHaveProperty('clockOffsetSeconds');
});

describe('a host that says a wrong time', () => {
  const WRONG = [3600, -3600, 40 * 24 * 3600, -40 * 24 * 3600];

  it.each(WRONG)(
    'by %d seconds orders nothing and loses nothing, and the target fails with that reason',
    async (off) => {
      const { emulator, run, rows, published, reported } = await wrongClock({ settings: START });
      emulator.setScenario({ steps: [], dates: { export: off } });
      const report = await run({ at: '2026-11-23T00:35:00Z' });
      expect(report).toMatchObject({ published: 0, failed: [{ kind: 'clock' }], lost: [] });
      expect(report.failed[0]?.message).toMatch(
        /^127\.0\.0\.1:\d+ says that it is 202[\s\S]*no host confirms/,
      );
      expect(reported('clock_unknown')).toHaveLength(1);
      expect([await rows(), await published(), emulator.tasks()]).toEqual([[], [], []]);
      emulator.setScenario({ steps: [] });
      expect(await run()).toMatchObject({ published: ALL.length, failed: [], lost: [] });
      expect(await published()).toEqual(ALL);
    },
  );

  it('is believed where it is all the hosts that there are', async () => {
    const { emulator, run, published } = await wrongClock({ separateHosts: false });
    emulator.setScenario({ steps: [], dates: { iam: -24 * 3600, export: -24 * 3600, tasks: -24 * 3600 } });
    await run();
    expect(await published()).toEqual(['11-21/11-22']);
  });

  it('is not believed because a second host cannot be asked', async () => {
    const { emulator, run, questions } = await wrongClock();
    emulator.setScenario({ steps: [], dates: { export: 7200, iam: 'none', tasks: 'none' } });
    expect(await run()).toMatchObject({ published: 0, failed: [{ kind: 'clock' }] });
    expect(questions()).toEqual(['export', 'iam', 'tasks']);
  });

  it('is held against the third host where the second has no time', async () => {
    const denied = await wrongClock();
    denied.emulator.setScenario({ steps: [], dates: { export: 7200, iam: 'none' } });
    expect(await denied.run()).toMatchObject({ published: 0, failed: [{ kind: 'clock' }] });
    // Here it is our clock that is wrong, and the third host says so.
    const agreed = await wrongClock();
    agreed.emulator.setScenario({ steps: [], dates: { iam: 'none' } });
    agreed.machine.aheadSeconds = 7200;
    expect(await agreed.run()).toMatchObject({ published: 1, failed: [] });
  });

  it('is held against the third host where the second does not answer, and not asked twice', async () => {
    const { machine, targetWith, ports, questions } = await wrongClock();
    machine.aheadSeconds = 7200;
    const { endpoints } = targetWith();
    const clocks = ports().openClocks();
    const target = targetWith({ endpoints: { ...endpoints, iam: 'http://127.0.0.1:9' } });
    const never = new AbortController().signal;
    expect(await clocks(target, never)).toMatchObject({ state: 'known', aheadSeconds: 7200 });
    const oneHost = targetWith({
      endpoints: { ...endpoints, iam: 'http://127.0.0.1:9', tasks: endpoints.export },
    });
    expect(await clocks(oneHost, never)).toMatchObject({ state: 'disputed' });
    expect(questions()).toEqual(['export', 'tasks']);
  });

  it('does no harm to the targets of another host', async () => {
    const wrong = await wrongClock();
    const right = await wrongClock();
    wrong.emulator.setScenario({ steps: [], dates: { export: 7200 } });
    const endpoints = wrong.targetWith().endpoints;
    const { runScheduledExport } = await import('../../../lib/exports/scheduled-run.ts');
    const targets = [right.targetWith(), right.targetWith({ id: 'other', endpoints })];
    const input = { targets, sweep: false, trigger: { kind: 'schedule' } } as const;
    const report = await runScheduledExport(right.ports(), input, new AbortController().signal);
    expect(report.targets).toMatchObject([
      { target_id: 'acme', published: 1, failed: [] },
      { target_id: 'other', published: 0, failed: [{ kind: 'clock' }] },
    ]);
  });
});

describe.each(['none', 'yesterday'])('a host whose Date is %s', (date) => {
  const dates = { export: date };

  it('orders what was due an hour ago by our clock, defers the rest, and fails with that reason', async () => {
    const { emulator, run, published, reported } = await wrongClock({
      settings: { window: { every: 'PT1H', delay: 'PT0S' } },
    });
    emulator.setScenario({ steps: [], dates });
    const report = await run({ at: '2026-11-23T00:35:00Z' });
    expect(report).toMatchObject({
      published: 1,
      deferred: 1,
      failed: [{ kind: 'clock' }],
      lost: [],
    });
    expect(report.failed[0]?.message).toMatch(/does not say what time it is/);
    expect(await published()).toEqual(['11-22T22:00/11-22T23:00']);
    expect(reported('windows_deferred')).toMatchObject([
      { windows: 1, why: expect.stringContaining('the time at Huawei is not known') },
    ]);
    emulator.setScenario({ steps: [] });
    expect(await run({ at: '2026-11-23T00:35:00Z' })).toMatchObject({ published: 1, failed: [] });
  });

  it('loses nothing by a clock that is forty days ahead, and what was exported too early is exported again', async () => {
    const { emulator, machine, run, published, messages, pass, rows, stored } = await wrongClock({
      settings: START,
    });
    await run();
    pass({ minutes: 5 });
    await run();
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-23T00:00:00Z'));
    emulator.setScenario({ steps: [], dates });
    machine.aheadSeconds = 40 * 24 * 3600;
    expect((await run()).lost).toEqual([]);
    expect((await rows()).filter((row) => row.endsWith('lost'))).toEqual([]);
    emulator.setScenario({ steps: [] });
    machine.aheadSeconds = 0;
    for (let day = 0; day < 5; day += 1) {
      pass({ hours: 24 });
      expect(await run()).toMatchObject({ lost: [] });
    }
    const wanted = days('11-23', '11-27');
    const ids = (await messages()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const window of wanted) expect(await published()).toContain(window);
    // Each was ordered, by Huawei's time, after it was over.
    for (const { start, end } of wanted.map((text) => spanOf(text))) {
      const tasks = emulator.tasks().filter((task) => task.query.start === start && task.query.end === end);
      expect(tasks.some(({ createdAt }) => createdAt >= end)).toBe(true);
    }
  });
});

function spanOf(text: string): { start: number; end: number } {
  const [start = '', end = ''] = text.split('/');
  return {
    start: at(`2026-${start}T00:00:00Z`).epochMilliseconds,
    end: at(`2026-${end}T00:00:00Z`).epochMilliseconds,
  };
}
