import { describe, expect, it } from 'vitest';
import { reportStatus } from '../../../lib/cli/exit.ts';
import { runningTarget } from '../running-target.ts';

// A failed task that nobody can see may be lost with nobody told, so an outage of the list alone must not stay silent.

const DOWN = { on: 'tasks', times: 'always', effect: { type: 'status', status: 503 } } as const;
const FORBIDDEN = { on: 'tasks', times: 'always', effect: { type: 'forbidden' } } as const;

async function listThat(step: typeof DOWN | typeof FORBIDDEN, settings: Record<string, unknown> = {}) {
  const local = await runningTarget(settings);
  await local.calendar();
  local.emulator.setScenario({ steps: [step] });
  return local;
}

describe('a task list that cannot be had', () => {
  it('for a day fails no run: it may be back before anything is at risk', async () => {
    const { pass, sweep, calendar } = await listThat(DOWN);
    pass({ hours: 2 });
    expect((await sweep()).failed).toEqual([]);
    pass({ hours: 22 });
    expect(await calendar()).toMatchObject({ announced: 1, failed: [] });
  });

  it('for longer fails each run and sweep with the reason of the list, and exports go on', async () => {
    const { pass, sweep, calendar, told } = await listThat(DOWN);
    pass({ hours: 24 });
    await calendar();
    pass({ hours: 24 });
    const report = await calendar();
    expect(report).toMatchObject({
      announced: 1,
      failed: [{ kind: 'unavailable', window: { start: '2026-11-22T00:00:00Z' } }],
    });
    expect(report.failed[0]?.message).toContain('503');
    expect(reportStatus([report])).toBe(1);
    expect(told('window_failed')).toHaveLength(1);
    pass({ hours: 1 });
    expect((await sweep()).failed).toHaveLength(1);
  });

  it('is forgotten once it is back', async () => {
    const { pass, sweep, emulator } = await listThat(DOWN);
    pass({ hours: 48 });
    expect((await sweep()).failed).not.toEqual([]);
    emulator.setScenario({ steps: [] });
    pass({ hours: 1 });
    expect(await sweep()).toMatchObject({ failed: [] });
  });

  it('because the run is stopped while it asks is no outage', async () => {
    const { pass, calendar, ports } = await listThat(DOWN);
    pass({ hours: 48 });
    const stop = new AbortController();
    const { api, ...given } = ports();
    const listTasks: typeof api.listTasks = (...call) => {
      stop.abort();
      return api.listTasks(...call);
    };
    const report = await calendar({ signal: stop.signal, ports: { ...given, api: { ...api, listTasks } } });
    expect(report).toMatchObject({ left_for_next_run: 2, failed: [] });
  });

  it('because it may not be asked fails no run: the exports are what the credential is for', async () => {
    const { pass, calendar } = await listThat(FORBIDDEN);
    pass({ hours: 48 });
    expect(await calendar()).toMatchObject({ failed: [] });
  });
});
