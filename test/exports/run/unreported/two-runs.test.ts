import { describe, expect, it } from 'vitest';
import { ClockError, RefusedError } from '../../../../lib/domain/errors.ts';
import { beginBackfill } from '../../../../lib/exports/backfill/open-backfills.ts';
import { type Death, mortalPorts } from '../../../support/runs/killed-run.ts';
import { at, runningTarget } from '../../running-target.ts';

// Two runs at once find what ended badly, and one of them dies: what it wrote and did not report, another run reports.

type Local = Awaited<ReturnType<typeof runningTarget>>;

const span = (start: string, end: string) => ({
  start: `2026-${start}T00:00:00Z`,
  end: `2026-${end}T00:00:00Z`,
});
const BACKFILLED = { start: at('2026-11-10T00:00:00Z'), end: at('2026-11-11T00:00:00Z') };
const EXHAUSTED = { kind: 'task_failed', window: span('11-22', '11-23') };
const FORBIDDEN = { on: 'tasks', times: 'always', effect: { type: 'forbidden' } } as const;

// The first listing is of what the run goes by; the last one is that from which coverage moves on.
const LAST_LIST = { when: 'before', call: 'ledger.list', nth: 2 } as const;

const fail = (local: Local) => local.emulator.failTask(local.emulator.tasks()[0]?.id ?? '', 'no space left');

/** The ports of a run in which, right before it first writes the target's row, something else happens. */
function interrupted(local: Local, meanwhile: () => Promise<unknown>) {
  const ports = local.ports();
  let isFirst = true;
  const saveTarget: typeof ports.ledger.saveTarget = async (row) => {
    if (isFirst) {
      isFirst = false;
      await meanwhile();
    }
    return ports.ledger.saveTarget(row);
  };
  return { ...ports, ledger: { ...ports.ledger, saveTarget } };
}

async function dieIn(local: Local, death: Death) {
  const { died, ports } = mortalPorts(local.ports(), death);
  void local.calendar({ ports });
  await died;
}

const next = async (local: Local) => {
  local.pass({ hours: 1 });
  const { lost, failed } = await local.calendar();
  return { lost, failed };
};

const NOTHING = { lost: [], failed: [] };

describe('what a run wrote and died over before it reported is reported by the other run that found it, once', () => {
  it('if it is a loss', async () => {
    const local = await runningTarget();
    await local.calendar();
    await beginBackfill(local.ports(), local.targetWith(), [BACKFILLED]);
    local.time.now = at('2026-12-11T00:35:00Z');
    const ports = interrupted(local, () => dieIn(local, LAST_LIST));
    expect((await local.calendar({ ports })).lost).toEqual([span('11-10', '11-11')]);
    expect(await local.stored()).not.toHaveProperty('unreportedFrom');
    expect(await next(local)).toEqual(NOTHING);
  });

  it('if its last allowed task failed', async () => {
    const local = await runningTarget({ max_attempts: 1 });
    await local.calendar();
    fail(local);
    local.pass({ hours: 1 });
    const ports = interrupted(local, () => dieIn(local, { when: 'after', call: 'ledger.save', nth: 1 }));
    expect((await local.calendar({ ports })).failed).toMatchObject([EXHAUSTED]);
    expect(await next(local)).toEqual(NOTHING);
  });

  it('if it is never confirmed', async () => {
    const local = await runningTarget();
    await local.calendar();
    local.emulator.setScenario({ steps: [FORBIDDEN] });
    local.pass({ hours: 24 * 31 });
    const ports = interrupted(local, () => dieIn(local, { when: 'after', call: 'ledger.save', nth: 1 }));
    const { failed } = await local.calendar({ ports });
    expect(failed).toMatchObject([{ kind: 'never_confirmed', window: span('11-22', '11-23') }]);
    expect(await next(local)).toEqual(NOTHING);
  });
});

describe('what a run noted that died is left to the next run by another that noted something else', () => {
  it('and noted it earlier', async () => {
    const local = await runningTarget();
    await local.calendar();
    const begin = (start: string, end: string) =>
      beginBackfill(local.ports(), local.targetWith(), [{ start: at(start), end: at(end) }]);
    await begin('2026-11-11T00:00:00Z', '2026-11-12T00:00:00Z');
    local.time.now = at('2026-12-12T00:35:00Z');
    const ports = interrupted(local, async () => {
      await begin('2026-11-10T00:00:00Z', '2026-11-11T00:00:00Z');
      await dieIn(local, LAST_LIST);
    });
    expect((await local.calendar({ ports })).lost).toEqual([span('11-11', '11-12')]);
    expect((await next(local)).lost).toEqual([span('11-10', '11-11'), span('11-11', '11-12')]);
    expect(await next(local)).toEqual(NOTHING);
  });

  it('and noted it later', async () => {
    const local = await runningTarget({ max_attempts: 1 });
    await local.calendar();
    await beginBackfill(local.ports(), local.targetWith(), [BACKFILLED]);
    fail(local);
    local.time.now = at('2026-12-11T00:35:00Z');
    const ports = interrupted(local, () => dieIn(local, { when: 'after', call: 'ledger.save', nth: 1 }));
    const listTasks = () => Promise.reject(new RefusedError('Not allowed.'));
    const report = await local.calendar({ ports: { ...ports, api: { ...ports.api, listTasks } } });
    expect(report).toMatchObject({ lost: [span('11-10', '11-11')], failed: [] });
    expect(await next(local)).toMatchObject({ lost: [], failed: [EXHAUSTED] });
    expect(await next(local)).toEqual(NOTHING);
  });
});

describe('while nobody knows the time', () => {
  const unknown = (local: Local) => {
    const openClocks = () => async () => ({ state: 'unknown' as const, error: new ClockError('No Date.') });
    return { ...local.ports(), openClocks };
  };
  const kinds = async (local: Local, ports = local.ports()) => {
    local.pass({ hours: 1 });
    return (await local.calendar({ ports })).failed.map(({ kind }) => kind);
  };

  it('a window that is exhausted is reported by one run', async () => {
    const local = await runningTarget({ max_attempts: 1 });
    await local.calendar();
    fail(local);
    expect(await kinds(local, unknown(local))).toEqual(['task_failed', 'clock']);
    expect(await kinds(local, unknown(local))).toEqual(['clock']);
    expect(await kinds(local)).toEqual([]);
  });

  it('what a dead run noted waits for a run that knows it, and is reported by that alone', async () => {
    const local = await runningTarget({ max_attempts: 1 });
    await local.calendar();
    fail(local);
    local.pass({ hours: 1 });
    await dieIn(local, { when: 'after', call: 'ledger.save', nth: 1 });
    expect(await kinds(local, unknown(local))).toEqual(['clock']);
    expect(await kinds(local)).toEqual(['task_failed']);
    expect(await kinds(local)).toEqual([]);
  });

  it('a run leaves what another noted to one that knows it', async () => {
    const local = await runningTarget({ max_attempts: 1 });
    await local.calendar();
    fail(local);
    local.time.now = at('2026-12-11T00:35:00Z');
    const ports = interrupted({ ...local, ports: () => unknown(local) }, async () => {
      await beginBackfill(local.ports(), local.targetWith(), [BACKFILLED]);
      // One more listing than in other runs here: before the first order.
      await dieIn(local, { ...LAST_LIST, nth: 3 });
    });
    expect((await local.calendar({ ports })).lost).toEqual([]);
    expect(await local.stored()).toMatchObject({ unreportedFrom: BACKFILLED.start });
    expect((await next(local)).lost).toEqual([span('11-10', '11-11')]);
  });
});
