import { describe, expect, it } from 'vitest';
import { reportStatus } from '../../../../lib/cli/context/exit.ts';
import { ClockError } from '../../../../lib/domain/errors.ts';
import type { Span } from '../../../../lib/domain/time/spans.ts';
import { beginBackfill } from '../../../../lib/exports/backfill/open-backfills.ts';
import { submitWindow } from '../../../../lib/exports/window/export-window.ts';
import { at, never, runningTarget } from '../../running-target.ts';

// A failed task that nobody can see may be lost in silence, so an outage of the list alone must not stay silent.

const DOWN = { on: 'tasks', times: 'always', effect: { type: 'status', status: 503 } } as const;
const FORBIDDEN = { on: 'tasks', times: 'always', effect: { type: 'forbidden' } } as const;

type Local = Awaited<ReturnType<typeof runningTarget>>;

async function listThat(step: typeof DOWN | typeof FORBIDDEN) {
  const local = await runningTarget();
  await local.calendar();
  local.emulator.setScenario({ steps: [step] });
  return local;
}

/** The list has been down for 26 hours, as runs have found since 01:35 of 2026-11-23. The next run or sweep fails. */
async function longDown() {
  const local = await listThat(DOWN);
  local.pass({ hours: 1 });
  await local.sweep();
  local.pass({ hours: 23 });
  await local.calendar();
  local.pass({ hours: 3 });
  return local;
}

const first = { start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' };

describe('a task list that cannot be had', () => {
  it('for a day fails no run: it may be back before anything is at risk', async () => {
    const { pass, sweep, calendar } = await listThat(DOWN);
    pass({ hours: 1 });
    expect((await sweep()).failed).toEqual([]);
    pass({ hours: 23 });
    expect(await calendar()).toMatchObject({ published: 1, failed: [] });
    pass({ hours: 2, minutes: 59 });
    expect((await sweep()).failed).toEqual([]);
  });

  it('for longer fails each run and sweep with the reason of the list, and exports go on', async () => {
    const { pass, sweep, calendar, reported } = await longDown();
    expect((await sweep()).failed).toMatchObject([{ kind: 'unavailable', window: first }]);
    pass({ hours: 21 });
    const report = await calendar();
    expect(report).toMatchObject({ published: 1, failed: [{ kind: 'unavailable', window: first }] });
    expect(reportStatus([report])).toBe(1);
    expect(reported('window_failed')).toHaveLength(1);
  });

  it('is reported as what it is: not as an export that failed, and since when', async () => {
    const { sweep } = await longDown();
    const [failed] = (await sweep()).failed;
    expect(failed?.message).toMatch(
      /^It is not known whether the export of this window ended well, because Huawei's task list has not been readable since 2026-11-23T01:35:00Z\. .* HTTP 503 /,
    );
    expect(failed).toMatchObject({ vendor_code: 'WKS.00050902', request_id: expect.any(String) });
  });

  it('names the oldest window that has waited for a day, and not of one that was published a minute ago', async () => {
    const local = await longDown();
    await backfilled(local, { start: at('2026-11-15T00:00:00Z'), end: at('2026-11-16T00:00:00Z') });
    expect((await local.sweep()).failed.map(({ window }) => window)).toEqual([first]);
  });

  it('for a month names the oldest window that could still be exported again', async () => {
    const { pass, calendar } = await listThat(DOWN);
    for (let night = 0; night < 32; night += 1) {
      pass({ hours: 24 });
      await calendar();
    }
    pass({ hours: 24 });
    expect((await calendar()).failed.map(({ window }) => window.start)).toEqual(['2026-11-26T00:00:00Z']);
  });

  it('fails a run at once where the next night would be too late to export again what is unconfirmed', async () => {
    const local = await listThat(DOWN);
    local.pass({ hours: 1 });
    expect((await local.sweep()).failed).toEqual([]);
    const last = { start: at('2026-10-24T12:00:00Z'), end: at('2026-10-25T00:00:00Z') };
    await backfilled(local, last);
    expect((await local.sweep()).failed).toMatchObject([
      { kind: 'unavailable', window: { start: last.start.toString(), end: last.end.toString() } },
    ]);
    // By then its records are gone, and to know of it helps nobody.
    local.pass({ hours: 24 });
    expect((await local.sweep()).failed).toEqual([]);
  });

  it('is forgotten once it is back', async () => {
    const { pass, sweep, emulator, stored } = await longDown();
    expect((await sweep()).failed).not.toEqual([]);
    expect(await stored()).toMatchObject({ listDownSince: at('2026-11-23T01:35:00Z') });
    emulator.setScenario({ steps: [] });
    pass({ hours: 1 });
    expect(await sweep()).toMatchObject({ failed: [] });
    expect(await stored()).not.toHaveProperty('listDownSince');
  });

  it('once, while one task has been missing in it for days, fails no run', async () => {
    const local = await runningTarget();
    await local.calendar();
    const missing = local.emulator.tasks()[0]?.id;
    const given = local.ports();
    const listTasks: typeof given.api.listTasks = async (...call) => {
      const { tasks, ...page } = await given.api.listTasks(...call);
      return { ...page, tasks: tasks.filter(({ taskId }) => taskId !== missing) };
    };
    const ports = { ...given, api: { ...given.api, listTasks } };
    for (let night = 0; night < 3; night += 1) {
      local.pass({ hours: 24 });
      await local.calendar({ ports });
    }
    expect(local.coverage()).toMatchObject({ longUnconfirmed: 1 });
    local.emulator.setScenario({ steps: [DOWN] });
    local.pass({ hours: 1 });
    expect((await local.sweep({ ports })).failed).toEqual([]);
  });

  it('because the run is stopped while it asks is no outage, and ends none', async () => {
    const { pass, calendar, sweep, ports } = await longDown();
    pass({ hours: 21 });
    const stop = new AbortController();
    const { api, ...given } = ports();
    const listTasks: typeof api.listTasks = (...call) => {
      stop.abort();
      return api.listTasks(...call);
    };
    const report = await calendar({ signal: stop.signal, ports: { ...given, api: { ...api, listTasks } } });
    expect(report).toMatchObject({ deferred: 1, failed: [] });
    expect((await sweep()).failed).toMatchObject([{ kind: 'unavailable' }]);
  });

  it('while nobody knows the time is no reason of its own, and goes on', async () => {
    const { sweep, ports } = await longDown();
    const openClocks = () => async () => ({ state: 'unknown' as const, error: new ClockError('No Date.') });
    const unknown = await sweep({ ports: { ...ports(), openClocks } });
    expect(unknown.failed.map(({ kind }) => kind)).toEqual(['clock']);
    expect((await sweep()).failed).toMatchObject([{ kind: 'unavailable' }]);
  });

  it('because it may not be asked fails no run: the exports are what the credential is for', async () => {
    const { pass, calendar, stored } = await listThat(FORBIDDEN);
    pass({ hours: 48 });
    expect(await calendar()).toMatchObject({ failed: [] });
    expect(await stored()).not.toHaveProperty('listDownSince');
  });
});

async function backfilled(local: Local, window: Span) {
  const target = local.targetWith();
  const trigger = { kind: 'command', scheduled_time: '2026-11-23T00:35:00Z' } as const;
  await beginBackfill(local.ports(), target, [window]);
  await submitWindow(local.ports(), { target, window, reason: 'backfill', trigger }, never);
}
