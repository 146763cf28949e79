import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { ClockError } from '../../../../lib/domain/errors.ts';
import { beginBackfill } from '../../../../lib/exports/backfill/open-backfills.ts';
import { targetStatus } from '../../../../lib/exports/status/target-status.ts';
import { submitWindow } from '../../../../lib/exports/window/export-window.ts';
import { orThrow } from '../../../../lib/exports/window/run-report.ts';
import { mortalPorts } from '../../../support/runs/killed-run.ts';
import { at, never, runningTarget } from '../../running-target.ts';

// What ends badly is reported at least once, although a run died between writing and reporting it; and what is reported is noted.

const window = { start: at('2026-11-10T00:00:00Z'), end: at('2026-11-11T00:00:00Z') };
const trigger = { kind: 'command', scheduled_time: '2026-11-23T00:35:00Z' } as const;
const REFUSED = { on: 'export', times: 'always', effect: { type: 'forbidden' } } as const;

type Local = Awaited<ReturnType<typeof runningTarget>>;

/** A run that dies after the write that says how a window ended, and then others. */
async function dieAfter(local: Local, call: string, nth: number) {
  const { died, ports } = mortalPorts(local.ports(), { when: 'after', call, nth });
  void local.calendar({ ports });
  await died;
  local.pass({ minutes: 10 });
}

describe('a run that dies after it wrote and before it reported', () => {
  it('that a window is never confirmed leaves it to the next one, once', async () => {
    const local = await runningTarget();
    await local.calendar();
    local.emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
    local.pass({ hours: 24 * 31 });
    await dieAfter(local, 'ledger.save', 1);
    expect((await local.entries())[0]).toMatchObject({ failureKind: 'never_confirmed' });
    const report = await local.calendar();
    expect(report.failed).toContainEqual(
      expect.objectContaining({
        kind: 'never_confirmed',
        window: { start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' },
      }),
    );
    expect(() => orThrow({ targets: [report] })).toThrow(/never said how task/);
    expect(local.reported('window_never_confirmed')).toHaveLength(1);
    expect(await local.stored()).not.toHaveProperty('unreportedFrom');
    local.pass({ minutes: 10 });
    await local.calendar();
    expect(local.reported('window_never_confirmed')).toEqual([]);
  });

  it('that the last allowed task of a window failed leaves it to the next one, once', async () => {
    const local = await runningTarget({ max_attempts: 1 });
    await local.calendar();
    local.emulator.failTask(local.emulator.tasks()[0]?.id ?? '', 'no space left');
    local.pass({ hours: 1 });
    await dieAfter(local, 'ledger.save', 1);
    const report = await local.calendar();
    expect(report.failed).toMatchObject([{ kind: 'task_failed', window: { start: '2026-11-22T00:00:00Z' } }]);
    expect(report.failed[0]?.message).toContain('no space left');
    expect(local.reported('window_failed')).toHaveLength(1);
    local.pass({ minutes: 10 });
    expect((await local.calendar()).failed).toEqual([]);
  });

  it('that a window of a backfill before coverage is lost leaves it to the next one, once', async () => {
    const local = await runningTarget();
    await local.calendar();
    await beginBackfill(local.ports(), local.targetWith(), [window]);
    local.emulator.setScenario({ steps: [REFUSED] });
    const input = { target: local.targetWith(), window, reason: 'backfill', trigger } as const;
    await submitWindow(local.ports(), input, never);
    local.emulator.setScenario({ steps: [] });
    local.time.now = at('2026-12-12T00:35:00Z');
    const { died, ports } = mortalPorts(local.ports(), LAST_LIST);
    void local.calendar({ ports });
    await died;
    expect(await local.rows()).toContain('11-10/11-11 lost');
    local.pass({ minutes: 10 });
    expect((await local.calendar()).lost).toEqual([
      { start: '2026-11-10T00:00:00Z', end: '2026-11-11T00:00:00Z' },
    ]);
    local.pass({ minutes: 10 });
    expect((await local.calendar()).lost).toEqual([]);
  });
});

describe('what an interrupted backfill has left', () => {
  it('is shown by status while it can be had, and recorded and reported as lost when it cannot', async () => {
    const local = await runningTarget();
    await local.calendar();
    await beginBackfill(local.ports(), local.targetWith(), [
      { start: window.start, end: at('2026-11-12T00:00:00Z') },
    ]);
    const status = () => targetStatus(local.ports(), local.targetWith());
    expect((await status()).openBackfills).toEqual([
      { start: window.start, end: at('2026-11-12T00:00:00Z') },
    ]);
    local.pass({ hours: 24 });
    expect(await local.calendar()).toMatchObject({ planned: 1, published: 1, lost: [] });
    local.time.now = at('2026-12-11T00:35:00Z');
    expect((await status()).unrecorded).not.toEqual([]);
    expect((await local.calendar()).lost).toEqual([
      { start: '2026-11-10T00:00:00Z', end: '2026-11-11T00:00:00Z' },
    ]);
    // Not again, and of the next window nothing before all of it is gone.
    for (const hours of [1, 7, 13]) {
      local.time.now = at('2026-12-11T00:35:00Z').add({ hours });
      expect((await local.sweep()).lost).toEqual([]);
    }
    local.time.now = at('2026-12-12T00:35:00Z');
    const rest = await local.calendar();
    expect(rest.lost).toEqual([{ start: '2026-11-11T00:00:00Z', end: '2026-11-12T00:00:00Z' }]);
    expect(await local.stored()).not.toHaveProperty('openBackfills');
    expect((await status()).unrecorded).toEqual([]);
  });
});

describe('what is reported', () => {
  const given = { kind: 'task_failed', window: { start: '2026-11-22T00:00:00Z' } } as const;

  it('of a window that was exhausted is not reported again by each older loss', async () => {
    const local = await runningTarget({ max_attempts: 1 });
    await local.calendar();
    local.emulator.failTask(local.emulator.tasks()[0]?.id ?? '', 'no space left');
    local.pass({ hours: 24 });
    expect((await local.calendar()).failed).toMatchObject([given]);
    await beginBackfill(local.ports(), local.targetWith(), [
      { start: window.start, end: at('2026-11-12T00:00:00Z') },
    ]);
    for (const day of [11, 12]) {
      local.time.now = at(`2026-12-${day}T00:35:00Z`);
      expect(await local.calendar()).toMatchObject({ lost: [{}], failed: [] });
    }
  });

  it('waits for a run that knows the time, where a clock behind makes a loss look as if it could still be had', async () => {
    const { local, reported } = await lossOfDeadRun();
    local.pass({ minutes: 10 });
    const ownClock = () => local.time.now.subtract({ hours: 10 });
    const openClocks = () => async () => ({ state: 'unknown' as const, error: new ClockError('No Date.') });
    const unknown = await local.calendar({
      ports: { ...local.ports(), ownClock, openClocks },
      at: ownClock(),
    });
    expect(unknown.lost).toEqual([]);
    local.pass({ minutes: 10 });
    expect((await local.calendar()).lost).toEqual(reported);
  });

  it('is not forgotten with a row of the target that is damaged', async () => {
    const { local, reported } = await lossOfDeadRun();
    damageTarget(local);
    local.pass({ minutes: 10 });
    expect((await local.calendar()).lost).toEqual(expect.arrayContaining(reported));
    local.pass({ minutes: 10 });
    expect((await local.calendar()).lost).toEqual([]);
  });

  it('is reported again after the row of the target was damaged only if it is of the last days', async () => {
    const local = await runningTarget();
    await local.calendar();
    local.pass({ hours: 40 * 24 });
    expect((await local.calendar()).lost).toHaveLength(11);
    local.pass({ hours: 60 * 24 });
    expect((await local.calendar()).lost).toHaveLength(31);
    damageTarget(local);
    local.pass({ hours: 1 });
    const again = (await local.calendar()).lost.map(({ start }) => start.slice(5, 10));
    expect(again).toEqual(['01-27', '01-28', '01-29', '01-30', '01-31', '02-01']);
  });
});

function damageTarget({ folder }: Local) {
  const database = new DatabaseSync(join(folder, 'state.sqlite'));
  database.exec("UPDATE targets SET document = '{}'");
  database.close();
}

// The first listing is what the run goes by. Two more show who holds a task, before a task confirms and before the first order.
// From the last one coverage moves on.
const LAST_LIST = { when: 'before', call: 'ledger.list', nth: 4 } as const;

/** A run that recorded that a window of a backfill is lost, and died before it reported. */
async function lossOfDeadRun() {
  const local = await runningTarget();
  await local.calendar();
  await beginBackfill(local.ports(), local.targetWith(), [window]);
  local.time.now = at('2026-12-11T00:35:00Z');
  const { died, ports } = mortalPorts(local.ports(), LAST_LIST);
  void local.calendar({ ports });
  await died;
  expect(await local.rows()).toContain('11-10/11-11 lost');
  return { local, reported: [{ start: '2026-11-10T00:00:00Z', end: '2026-11-11T00:00:00Z' }] };
}
