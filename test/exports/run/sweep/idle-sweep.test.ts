import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { isIdleSweep } from '../../../../lib/exports/run/idle-sweep.ts';
import { mortalPorts } from '../../../support/runs/killed-run.ts';
import type { LocalPorts } from '../../../support/runs/local-ports.ts';
import { runningTarget } from '../../running-target.ts';

const FORBIDDEN = { type: 'forbidden' } as const;
const FAILING = { type: 'fail_task', reason: 'disk full' } as const;

type Local = Awaited<ReturnType<typeof runningTarget>>;
type Asking = { aheadSeconds?: number; settings?: Record<string, unknown> };

/** A sweep now, and how often it asked what time it is at Huawei; our clock is so far ahead of that. */
async function sweeps(local: Local, { aheadSeconds = 0, settings = {} }: Asking = {}) {
  let asked = 0;
  const openClocks: LocalPorts['openClocks'] = () => () => {
    asked += 1;
    return Promise.resolve({ state: 'known', clock: local.clock, aheadSeconds });
  };
  const ownClock = () => local.clock().add({ seconds: aheadSeconds });
  const before = local.emulator.requests().length;
  const report = await local.sweep({ ports: { ...local.ports(), openClocks, ownClock }, ...settings });
  return { asked, report, calls: local.emulator.requests().length - before };
}

/** A target whose first night is exported and confirmed. */
async function quiet(settings: Record<string, unknown> = {}): Promise<Local> {
  const local = await runningTarget(settings);
  await local.calendar();
  local.pass({ minutes: 1 });
  await local.sweep();
  local.pass({ hours: 1 });
  return local;
}

/** One whose first window was exhausted; unless it has another schedule, no sweep orders what becomes due later. */
async function exhausted(schedule = 'rate(30 days)'): Promise<Local> {
  const local = await runningTarget({ max_attempts: 1, schedule });
  local.emulator.setScenario({ steps: [{ on: 'export', effect: FAILING }] });
  await local.calendar();
  local.pass({ hours: 1 });
  expect((await local.sweep()).failed).toHaveLength(1);
  return local;
}

const QUIET: [string, () => Promise<Local>][] = [
  ['all is confirmed', () => quiet()],
  ['a window was exhausted', () => exhausted()],
  [
    'what was lost has been reported',
    async () => {
      const local = await quiet();
      local.pass({ hours: 33 * 24 });
      expect((await local.calendar()).lost).not.toEqual([]);
      local.pass({ minutes: 1 });
      await local.sweep();
      return local;
    },
  ],
  [
    'what was never confirmed has been reported',
    async () => {
      const local = await runningTarget();
      local.emulator.setScenario({ steps: [{ on: 'tasks', effect: FORBIDDEN }] });
      await local.calendar();
      local.pass({ hours: 31 * 24 });
      expect((await local.calendar()).failed).toHaveLength(1);
      local.pass({ minutes: 1 });
      await local.sweep();
      return local;
    },
  ],
];

describe('a sweep has nothing to do, and calls nobody', () => {
  it.each(QUIET)('where %s', async (_, arranged) => {
    const local = await arranged();
    const { asked, calls, report } = await sweeps(local);
    expect({ asked, calls }).toEqual({ asked: 0, calls: 0 });
    expect(report).toMatchObject({ planned: 0, failed: [], lost: [], confirmed: 0 });
    expect(local.events.map(({ type }) => type)).toEqual(['target_assessed']);
  });

  it('also by a clock that was off at the last run, and reports the age of coverage by that of Huawei', async () => {
    const local = await quiet();
    const aheadSeconds = -40 * 86_400;
    expect(await sweeps(local, { aheadSeconds })).toMatchObject({ asked: 1 });
    expect((await local.stored())?.clockOffsetSeconds).toBe(aheadSeconds);
    expect(await sweeps(local, { aheadSeconds })).toMatchObject({ asked: 0, calls: 0 });
    expect(local.coverage()?.ageSeconds).toBe(96 * 60);
  });
});

const BUSY: [string, (local: Local) => unknown, Record<string, unknown>?][] = [
  ['a window has become due', ({ pass }) => pass({ hours: 24 })],
  [
    'a window is not confirmed',
    async ({ pass, calendar }) => {
      pass({ hours: 23 });
      await calendar();
    },
  ],
  ['a run died with a window', (local) => dead(local, 'api.submit')],
  [
    'a run died with a message, and its lease is over',
    async (local) => {
      await dead(local, 'queue.publish');
      local.passLease();
    },
  ],
  [
    'a row cannot be read',
    ({ folder }) => spoil(folder, `UPDATE windows SET state = 'gone', open = 'window/' || window_end`),
  ],
  ['coverage has to go back, because it ends in the future', ({ folder }) => spoil(folder, IN_A_YEAR)],
  ['a start_at is made earlier', () => undefined, { start_at: '2026-11-20T00:00:00Z' }],
];
const IN_A_YEAR = `UPDATE targets SET document = json_set(document, '$.covered_until', '2027-11-23T00:00:00Z')`;

describe('a sweep asks what time it is', () => {
  it.each(BUSY)('where %s', async (_, happens, settings = {}) => {
    const local = await quiet(settings['start_at'] ? {} : settings);
    await happens(local);
    expect(await sweeps(local, { settings })).toMatchObject({ asked: 1 });
  });

  it('where a window is to be recorded as lost, and where that was done and not reported', async () => {
    const local = await exhausted();
    local.pass({ hours: 31 * 24 });
    expect(await sweeps(local)).toMatchObject({ asked: 1, report: { lost: [{}] } });
    const another = await exhausted();
    another.pass({ hours: 31 * 24 });
    const { died, ports } = mortalPorts(another.ports(), {
      when: 'before',
      call: 'ledger.saveTarget',
      nth: 2,
    });
    void another.sweep({ ports });
    await died;
    expect((await another.rows()).filter((row) => row.endsWith('lost'))).toHaveLength(1);
    expect(await sweeps(another)).toMatchObject({ asked: 1, report: { lost: [{}] } });
    expect(await sweeps(another)).toMatchObject({ asked: 0 });
  });

  it('where the target has never run', async () => {
    expect(await sweeps(await runningTarget())).toMatchObject({ asked: 1, report: { published: 1 } });
  });

  it('where our clock is behind what is covered, and changes nothing for that', async () => {
    const local = await quiet();
    const before = await local.stored();
    const { asked, report } = await sweeps(local, { aheadSeconds: -86_400 });
    expect({ asked, report }).toMatchObject({ asked: 1, report: { planned: 0, failed: [], lost: [] } });
    expect((await local.stored())?.coveredUntil).toEqual(before?.coveredUntil);
    expect(local.reported('coverage_reset')).toEqual([]);
  });

  it('where it was not said for when it is, because that is the now of Huawei', async () => {
    const local = await quiet();
    const share = { target: local.targetWith(), sweep: true, trigger: { kind: 'command' } } as const;
    const open = await local.ports().ledger.listOpen(share.target.id);
    expect(await isIdleSweep(local.ports(), { ...share, scheduledTime: local.clock() }, open)).toBe(true);
    expect(await isIdleSweep(local.ports(), { ...share, scheduledTime: undefined }, open)).toBe(false);
    const run = { ...share, sweep: false, scheduledTime: local.clock() };
    expect(await isIdleSweep(local.ports(), run, open)).toBe(false);
  });
});

it('a sweep of another project asks nobody and fails', async () => {
  const local = await quiet();
  const { asked, report } = await sweeps(local, { settings: { project_id: 'f'.repeat(32) } });
  expect({ asked, kinds: report.failed.map(({ kind }) => kind) }).toEqual({ asked: 0, kinds: ['input'] });
});

function spoil(folder: string, sql: string): void {
  const database = new DatabaseSync(join(folder, 'state.sqlite'));
  database.exec(sql);
  database.close();
}

async function dead({ calendar, pass, ports }: Local, call: string): Promise<void> {
  pass({ hours: 23 });
  const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call, nth: 1 });
  void calendar({ ports: mortal });
  await died;
}
