import { expect, it } from 'vitest';
import { backfill } from '../../../lib/exports/backfill/backfill.ts';
import { beginBackfill } from '../../../lib/exports/backfill/open-backfills.ts';
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
  expect((await local.announced()).filter((name) => name === '11-04/11-05')).toHaveLength(2);
  expect(await local.rows()).toContain('11-04/11-05 confirmed');
});

it('each that is never confirmed is told when its own 30 days are over', async () => {
  const local = await runningTarget();
  await local.calendar();
  await fill(local, '2026-11-10T00:00:00Z', '2026-11-14T00:00:00Z');
  local.emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
  const told: string[] = [];
  for (let day = 0; day < 24; day += 1) {
    local.pass({ hours: 24 });
    const { failed } = await local.calendar();
    told.push(...failed.map(({ window }) => window.start.slice(5, 10)));
  }
  expect(told).toEqual(['11-10', '11-11', '11-12', '11-13', '11-22', '11-23'].slice(0, told.length));
  expect(told.length).toBeGreaterThanOrEqual(4);
  for (let day = 0; day < 10; day += 1) {
    local.pass({ hours: 24 });
    await local.calendar();
  }
  expect(await local.stored()).not.toHaveProperty('watchedFrom');
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
