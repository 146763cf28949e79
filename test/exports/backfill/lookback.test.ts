import { describe, expect, it } from 'vitest';
import { backfill } from '../../../lib/exports/backfill/backfill.ts';
import { beginBackfill, endBackfill } from '../../../lib/exports/backfill/open-backfills.ts';
import { submitWindow } from '../../../lib/exports/window/export-window.ts';
import { at, never, runningTarget } from '../running-target.ts';

// Each window of a backfill is looked after until its own 30 days are over, whatever became of the oldest.

type Local = Awaited<ReturnType<typeof runningTarget>>;

async function fill(local: Local, start: string, end: string) {
  const { clock } = local;
  const moment = {
    clock,
    isVerified: true,
    requested: clock(),
    scheduledTime: clock(),
    mayOrder: true,
  };
  const trigger = { kind: 'command', scheduled_time: clock().toString() } as const;
  const ports = { ...local.ports(), waitForOthers: async () => undefined };
  const range = { start: at(start), end: at(end) };
  return backfill(ports, { target: local.targetWith(), range, trigger, moment }, never);
}

it('a task of a young window that failed while the list was down is ordered again when it is back', async () => {
  const local = await runningTarget();
  await local.calendar();
  await fill(local, '2026-10-25T00:00:00Z', '2026-11-05T00:00:00Z');
  local.emulator.failTask(local.emulator.tasks().at(-1)?.id ?? '', 'no space left');
  local.emulator.setScenario({
    steps: [{ on: 'tasks', times: 'always', effect: { type: 'status', status: 503 } }],
  });
  for (let day = 0; day < 3; day += 1) {
    local.pass({ hours: 24 });
    await local.calendar();
  }
  local.emulator.setScenario({ steps: [] });
  for (let day = 0; day < 2; day += 1) {
    local.pass({ hours: 24 });
    await local.calendar();
  }
  expect((await local.published()).filter((name) => name === '11-04/11-05')).toHaveLength(2);
  expect(await local.rows()).toContain('11-04/11-05 confirmed');
});

it('each that is never confirmed is reported when its own 30 days are over', async () => {
  const local = await runningTarget();
  await local.calendar();
  await fill(local, '2026-11-10T00:00:00Z', '2026-11-14T00:00:00Z');
  local.emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
  const reported: string[] = [];
  for (let day = 0; day < 24; day += 1) {
    local.pass({ hours: 24 });
    const { failed } = await local.calendar();
    reported.push(...failed.map(({ window }) => window.start.slice(5, 10)));
  }
  expect(reported).toEqual(['11-10', '11-11', '11-12', '11-13']);
  for (let day = 0; day < 10; day += 1) {
    local.pass({ hours: 24 });
    await local.calendar();
  }
  expect(await local.stored()).not.toHaveProperty('lookbackFrom');
});

it('what a second backfill finds lost of the first is recorded by the next run', async () => {
  const local = await runningTarget();
  await local.calendar();
  const range = { start: at('2026-11-10T00:00:00Z'), end: at('2026-11-14T00:00:00Z') };
  await beginBackfill(local.ports(), local.targetWith(), [range]);
  local.time.now = at('2026-12-12T00:35:00Z');
  const filled = await fill(local, '2026-11-10T00:00:00Z', '2026-11-14T00:00:00Z');
  expect(filled.lost.map(({ start }) => start.slice(5, 10))).toEqual(['11-10', '11-11', '11-12']);
  await local.calendar();
  expect((await local.rows()).filter((row) => row.endsWith('lost')).slice(0, 2)).toEqual([
    '11-10/11-11 lost',
    '11-11/11-12 lost',
  ]);
});

const trigger = { kind: 'command', scheduled_time: '2026-11-23T00:35:00Z' } as const;
const LIST_DOWN = { on: 'tasks', times: 'always', effect: { type: 'status', status: 503 } } as const;

/** Orders one window, as a backfill does that has noted its range. */
function order(local: Local, start: string, end: string) {
  const window = { start: at(start), end: at(end) };
  return submitWindow(
    local.ports(),
    { target: local.targetWith(), window, reason: 'backfill', trigger },
    never,
  );
}

/** Hour after hour a sweep, or at midnight a run. Resolves to what was lost and what was reported as failed for good. */
async function hours(local: Local, count: number) {
  const lost: string[] = [];
  const never: string[] = [];
  for (let hour = 0; hour < count; hour += 1) {
    local.pass({ hours: 1 });
    const isNight = local.clock().toString().includes('T00:');
    const report = await (isNight ? local.calendar() : local.sweep());
    lost.push(...report.lost.map(({ start }) => start.slice(5, 16)));
    never.push(
      ...report.failed.filter(({ kind }) => kind === 'never_confirmed').map(({ window }) => window.start),
    );
  }
  return { lost, never };
}

const failNewest = ({ emulator }: Local) =>
  emulator.failTask(emulator.tasks().at(-1)?.id ?? '', 'no space left');

it('what a backfill that works for days orders last is watched as what it ordered first', async () => {
  const local = await runningTarget();
  await local.calendar();
  const range = { start: at('2026-10-25T00:00:00Z'), end: at('2026-10-28T00:00:00Z') };
  await beginBackfill(local.ports(), local.targetWith(), [range]);
  await order(local, '2026-10-25T00:00:00Z', '2026-10-26T00:00:00Z');
  await order(local, '2026-10-26T00:00:00Z', '2026-10-27T00:00:00Z');
  await hours(local, 50);
  expect((await local.stored())?.lookbackFrom).toEqual(at('2026-10-27T00:00:00Z'));
  expect(await order(local, '2026-10-27T00:00:00Z', '2026-10-28T00:00:00Z')).toMatchObject({
    outcome: 'published',
  });
  failNewest(local);
  await endBackfill(local.ports(), local.targetWith(), [range]);
  await hours(local, 1);
  expect(local.reported('task_failed')).toHaveLength(1);
  await hours(local, 1);
  expect(await local.rows()).toContain('10-27/10-28 confirmed');
  await hours(local, 72);
  expect(await local.stored()).not.toHaveProperty('lookbackFrom');
});

describe('a window before coverage that crosses the cutoff while the list is down', () => {
  async function crossing(settings: Record<string, unknown> = {}) {
    const local = await runningTarget(settings);
    await local.calendar();
    local.time.now = at('2026-12-10T04:35:00Z');
    await local.calendar({ at: '2026-12-10T00:35:00Z' });
    const range = { start: at('2026-11-10T05:00:00Z'), end: at('2026-11-11T00:00:00Z') };
    await beginBackfill(local.ports(), local.targetWith(), [range]);
    await order(local, '2026-11-10T05:00:00Z', '2026-11-11T00:00:00Z');
    await endBackfill(local.ports(), local.targetWith(), [range]);
    return local;
  }

  it.each([[1], [10]])(
    'is watched until it is known that its task failed, %i times allowed',
    async (max_attempts) => {
      const local = await crossing({ max_attempts });
      failNewest(local);
      local.emulator.setScenario({ steps: [LIST_DOWN] });
      expect((await hours(local, 60)).lost).toEqual([]);
      local.emulator.setScenario({ steps: [] });
      expect((await hours(local, 3)).lost).toEqual(['11-10T05:00']);
      expect(await local.rows()).toContain('11-10T05:00/11-11 lost');
      expect(await local.stored()).not.toHaveProperty('lookbackFrom');
    },
  );

  it('is reported as never confirmed where the list then does not know its task', async () => {
    const local = await crossing();
    local.emulator.setScenario({ steps: [LIST_DOWN] });
    await hours(local, 60);
    local.emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
    expect((await hours(local, 3)).never).toEqual(['2026-11-10T05:00:00Z']);
    expect(await local.stored()).not.toHaveProperty('lookbackFrom');
  });
});
