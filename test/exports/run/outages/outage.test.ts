import { describe, expect, it } from 'vitest';
import { reportStatus } from '../../../../lib/cli/context/exit.ts';
import type { Target } from '../../../../lib/domain/input/target.ts';
import { runScheduledExport } from '../../../../lib/exports/scheduled-run.ts';
import { createHostHealth } from '../../../../lib/exports/vendor/host-health.ts';
import { targetApi } from '../../../../lib/exports/vendor/target-api.ts';
import { never, runningTarget } from '../../running-target.ts';

const HOURLY = { window: { every: 'PT1H' } };
const DOWN = { on: 'export', times: 'always', effect: { type: 'status', status: 503 } } as const;

async function dayBehind(settings: Record<string, unknown> = HOURLY) {
  const local = await runningTarget(settings);
  await local.calendar();
  local.pass({ hours: 36 });
  return local;
}

describe('a host that does not do what it is asked', () => {
  it('costs two windows their attempts, and the rest of its windows are left at once', async () => {
    const { calendar, emulator, exportCalls, reported, pass, rows } = await dayBehind();
    emulator.setScenario({ steps: [DOWN] });
    const before = exportCalls();
    const report = await calendar();
    expect(report).toMatchObject({ planned: 36, published: 0, deferred: 34 });
    expect(report.failed.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable']);
    // Two attempts for each of two windows.
    expect(exportCalls() - before).toBe(4);
    expect(reported('windows_deferred')).toEqual([
      { type: 'windows_deferred', targetId: 'acme', windows: 34, why: 'its host failed twice in a row' },
    ]);
    expect(reportStatus([report])).toBe(1);
    // What is left was not even claimed.
    expect((await rows()).filter((row) => row.endsWith('failed'))).toHaveLength(2);
    emulator.setScenario({ steps: [] });
    pass({ minutes: 20 });
    expect(await calendar()).toMatchObject({ published: 36, failed: [] });
  });

  it('is not abandoned because of one window, nor of two that are not in a row', async () => {
    const { calendar, emulator } = await dayBehind();
    const fail = { on: 'export', times: 2, effect: { type: 'status', status: 503 } } as const;
    const pass = { on: 'export', effect: { type: 'pass' } } as const;
    emulator.setScenario({ steps: [fail, pass, fail, pass] });
    expect(await calendar()).toMatchObject({ planned: 36, published: 34, deferred: 0 });
  });

  it('that only throttles one target is left alone by that target', async () => {
    const { calendar, emulator, exportCalls } = await dayBehind();
    emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect: { type: 'throttle' } }] });
    const before = exportCalls();
    expect(await calendar()).toMatchObject({ published: 0, deferred: 34 });
    expect(exportCalls() - before).toBe(4);
  });

  it('that refuses is asked for each window', async () => {
    const { calendar, emulator } = await dayBehind();
    emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect: { type: 'forbidden' } }] });
    expect((await calendar()).failed).toHaveLength(36);
  });

  it('does not keep the messages of dead runs from the queue', async () => {
    const { calendar, sweep, emulator, ports, passLease, published } = await runningTarget();
    const { mortalPorts } = await import('../../../support/runs/killed-run.ts');
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'queue.publish', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    passLease();
    emulator.setScenario({ steps: [{ ...DOWN, on: 'any' }] });
    expect(await sweep()).toMatchObject({ published: 1 });
    expect(await published()).toEqual(['11-22/11-23']);
  });
});

describe('an IAM that does not answer', () => {
  /** One target of a dead IAM and one of a living one, with the same export host, for several hours each. */
  async function twoLogins(settings: Record<string, unknown> = {}) {
    const local = await runningTarget({ ...HOURLY, start_at: '2026-11-22T12:00:00Z', ...settings });
    const { endpoints } = local.targetWith();
    const dead = local.targetWith({ id: 'dead', endpoints: { ...endpoints, iam: 'http://127.0.0.1:9' } });
    const run = async (...targets: Target[]) => {
      local.events.length = 0;
      const input = { targets, sweep: false, trigger: { kind: 'schedule' } } as const;
      return (await runScheduledExport(local.ports(), input, never)).targets;
    };
    return { ...local, dead, alive: local.targetWith({ id: 'alive' }), run };
  }

  it('holds its own targets, and no other of the same export host', async () => {
    const { run, dead, alive, reported } = await twoLogins();
    expect(await run(dead, alive)).toMatchObject([
      { target_id: 'dead', published: 0, deferred: 10, failed: [{}, {}] },
      { target_id: 'alive', published: 12, deferred: 0, failed: [] },
    ]);
    expect(reported('windows_deferred')).toEqual([
      { type: 'windows_deferred', targetId: 'dead', windows: 10, why: 'IAM failed twice in a row' },
    ]);
  });

  it('is asked again by the next run', async () => {
    const { run, dead, targetWith } = await twoLogins();
    await run(dead);
    expect(await run(targetWith({ id: 'dead' }))).toMatchObject([{ published: 12, failed: [] }]);
  });

  it('stays down whatever other targets get from the export host', async () => {
    const { dead, alive, ports } = await twoLogins();
    const health = createHostHealth();
    const { api } = ports();
    const [failing, working] = [dead, alive].map((target) =>
      targetApi(api, { target, projectId: undefined, bind: async () => undefined, health }),
    );
    const list = (one: typeof failing, target: Target) =>
      one?.api.listTasks(target, { isDownloaded: false, offset: 0 }, never);
    for (let calls = 0; calls < 2; calls += 1) {
      await expect(list(failing, dead)).rejects.toThrow(/127\.0\.0\.1:9/);
      await list(working, alive);
    }
    expect([failing?.hold(), working?.hold()]).toEqual(['IAM failed twice in a row', undefined]);
    await expect(list(failing, dead)).rejects.toThrow(/^IAM in .* failed twice in a row in this run/);
    await list(working, alive);
  });
});

describe('where Huawei does one export at a time', () => {
  it.each([409, 408, 423, 425] as const)(
    '%d is no refusal: the run goes on one export at a time',
    async (status) => {
      const { calendar, emulator, published } = await runningTarget({ start_at: '2026-11-16T00:00:00Z' });
      emulator.setScenario({ steps: [], one_at_a_time: { status } });
      expect(await calendar()).toMatchObject({ planned: 7, published: 7, deferred: 0, failed: [] });
      expect(await published()).toHaveLength(7);
      expect(emulator.tasks()).toHaveLength(7);
    },
  );

  it('and one runs for hours, the rest is left without another try, and sweeps catch up', async () => {
    const { calendar, sweep, emulator, pass, published, reported } = await runningTarget(
      { start_at: '2026-11-16T00:00:00Z' },
      { taskCreatingSeconds: 3 * 3600 },
    );
    emulator.setScenario({ steps: [], one_at_a_time: { status: 409 } });
    const report = await calendar();
    expect(report).toMatchObject({ published: 1, deferred: 6, failed: [] });
    expect(reported('windows_deferred')).toMatchObject([
      { windows: 5, why: expect.stringMatching(/one export at a time/) },
    ]);
    expect(reportStatus([report])).toBe(1);
    for (let sweeps = 0; sweeps < 6; sweeps += 1) {
      pass({ hours: 3 });
      expect(await sweep()).toMatchObject({ published: 1, failed: [] });
    }
    expect(await published()).toHaveLength(7);
  });

  it('a 409 of IAM is a login that failed: nothing waits for an export to end', async () => {
    const { calendar, emulator, reported } = await runningTarget({ start_at: '2026-11-16T00:00:00Z' });
    const effect = { type: 'status', status: 409 } as const;
    emulator.setScenario({ steps: [{ on: 'token', times: 'always', effect }] });
    const report = await calendar();
    expect(report.failed.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable']);
    expect(report.deferred).toBe(5);
    expect(reported('windows_deferred')).toMatchObject([{ why: expect.stringContaining('IAM') }]);
    expect(reportStatus([report])).toBe(1);
  });

  it('a 400 stays a refusal, and does not blame the filters when windows of the same shape were accepted', async () => {
    const { calendar, emulator } = await runningTarget({ start_at: '2026-11-20T00:00:00Z' });
    emulator.setScenario({
      steps: [
        { on: 'export', effect: { type: 'pass' } },
        { on: 'export', times: 'always', effect: { type: 'status', status: 400 } },
      ],
    });
    const report = await calendar();
    expect(report).toMatchObject({ published: 1, failed: [{ kind: 'refused' }, { kind: 'refused' }] });
    for (const { message } of report.failed) expect(message).not.toMatch(/filters/);
    expect((await calendar()).failed[0]?.message).toMatch(/filters/);
  });
});
