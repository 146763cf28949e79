import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Target } from '../../lib/domain/input/target.ts';
import { runScheduledExport } from '../../lib/exports/scheduled-run.ts';
import { orThrow, RunFailedError } from '../../lib/exports/window/run-report.ts';
import type { ExportApi } from '../../lib/ports.ts';
import { PASSWORD, targetAt } from '../support/huawei/start-huawei.ts';
import { mortalPorts } from '../support/runs/killed-run.ts';
import { localPorts } from '../support/runs/local-ports.ts';

const never = new AbortController().signal;

async function setUp() {
  const local = await localPorts(
    {},
    { 'huawei/acme': PASSWORD, 'huawei/wrong': { ...PASSWORD, domain: 'nobody' } },
  );
  const run = (targets: readonly Target[], at = local.clock(), signal = never) =>
    runScheduledExport(
      local.ports(),
      {
        targets,
        sweep: false,
        scheduledTime: at,
        trigger: { kind: 'schedule' },
      },
      signal,
    );
  const subjects = async () => (await local.ports().queue.waiting()).map(({ message }) => message.subject);
  return { ...local, run, subjects };
}

describe('a run', () => {
  it('names, for each target, what was planned and what came of it', async () => {
    const { run, target } = await setUp();
    const other = { ...target, id: 'other' };
    await run([other]);
    expect(await run([target, other])).toEqual({
      targets: [
        {
          target_id: 'acme',
          planned: 1,
          published: 1,
          already_covered: 0,
          deferred: 0,
          failed: [],
          confirmed: 0,
          lost: [],
        },
        {
          target_id: 'other',
          planned: 1,
          published: 0,
          already_covered: 1,
          deferred: 0,
          failed: [],
          confirmed: 0,
          lost: [],
        },
      ],
    });
  });

  it('goes on when a target fails, and throws at the end', async () => {
    const { run, target, origin, subjects } = await setUp();
    const wrong = targetAt(origin, { id: 'wrong', credential: 'huawei/wrong' });
    const missing = targetAt(origin, { id: 'missing', credential: 'huawei/missing' });
    const report = await run([wrong, missing, target]);
    expect(report.targets).toMatchObject([
      {
        target_id: 'wrong',
        published: 0,
        failed: [{ kind: 'credential', window: { start: '2026-11-22T00:00:00Z' } }],
      },
      { target_id: 'missing', published: 0, failed: [{ kind: 'input' }] },
      { target_id: 'acme', published: 1, failed: [] },
    ]);
    expect(await subjects()).toHaveLength(1);
    expect(() => orThrow(report)).toThrow(RunFailedError);
    expect(() => orThrow(report)).toThrow(
      /Not all of the run's windows are exported:\n {2}wrong .*\n {2}missing /,
    );
  });

  it('leaves a window that is in the hands of another run, and counts it', async () => {
    const { run, ports, target, clock } = await setUp();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'after', call: 'ledger.save', nth: 1 });
    const trigger = { kind: 'schedule' } as const;
    const input = { targets: [target], sweep: false, scheduledTime: clock(), trigger } as const;
    void runScheduledExport(mortal, input, never);
    await died;
    const report = await run([target]);
    expect(report.targets).toMatchObject([{ planned: 1, deferred: 1, failed: [] }]);
    expect(orThrow(report)).toBe(report);
  });

  it('takes its window from the scheduled time, however late it is handled', async () => {
    const { run, target, time, subjects } = await setUp();
    const scheduled = Temporal.Instant.from('2026-11-20T00:35:00Z');
    time.now = Temporal.Instant.from('2026-11-22T19:00:00Z');
    await run([target], scheduled);
    time.now = Temporal.Instant.from('2026-11-23T00:34:00Z');
    await run([target], scheduled);
    expect(await subjects()).toEqual(['2026-11-19T00:00:00Z/2026-11-20T00:00:00Z']);
  });

  it('takes the same window in any zone and period, whenever the event is handled', async () => {
    const { run, time, origin, subjects } = await setUp();
    const start = Date.UTC(2026, 0, 1);
    const delay = fc.integer({ min: 0, max: 600 });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
        fc.constantFrom('P1D', 'PT6H', 'PT1H', 'PT15M'),
        fc.integer({ min: 0, max: 365 * 24 * 60 }),
        fc.tuple(delay, delay),
        async (time_zone, every, minute, delays) => {
          const scheduledTime = Temporal.Instant.fromEpochMilliseconds(start + minute * 60_000);
          for (const hours of delays) {
            runs += 1;
            time.now = scheduledTime.add({ hours });
            await run([targetAt(origin, { id: `t-${runs}`, window: { every, time_zone } })], scheduledTime);
          }
          const [first, second] = (await subjects()).slice(-2);
          expect(await subjects()).toHaveLength(runs);
          expect(first).toBe(second);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('delivered twice at the same moment exports once', async () => {
    const { run, target, emulator, subjects } = await setUp();
    const reports = await Promise.all([run([target]), run([target])]);
    expect(reports.map(({ targets }) => targets[0]?.published).sort()).toEqual([0, 1]);
    expect(emulator.tasks()).toHaveLength(1);
    expect(await subjects()).toHaveLength(1);
  });

  it('does not do in advance what is not due yet, and each target fails with that reason', async () => {
    const { run, target, clock, emulator } = await setUp();
    const { targets } = await run([target, { ...target, id: 'other' }], clock().add({ hours: 25 }));
    const window = { start: '2026-11-23T00:00:00Z', end: '2026-11-24T00:00:00Z' };
    const message = expect.stringContaining(
      'scheduled_time: is 2026-11-24T01:35:00Z, which is in the future; it is 2026-11-23T00:35:00Z now',
    );
    const nothing = { published: 0, already_covered: 0, deferred: 0, confirmed: 0, lost: [] };
    const failed = { planned: 1, ...nothing, failed: [{ window, kind: 'input', message }] };
    expect(targets).toEqual([
      { target_id: 'acme', ...failed },
      { target_id: 'other', ...failed },
    ]);
    expect(emulator.requests()).toHaveLength(0);
  });

  it.each([
    ['it was interrupted', AbortSignal.abort()],
    ["the run's time was over", AbortSignal.abort(new DOMException('over', 'TimeoutError'))],
  ])('that is over leaves everything to the next one, and says why: %s', async (why, signal) => {
    const { run, target, clock, emulator, events } = await setUp();
    const report = await run([target], clock(), signal);
    expect(report.targets).toMatchObject([{ planned: 1, deferred: 1, failed: [] }]);
    expect(events).toEqual([{ type: 'windows_deferred', targetId: 'acme', windows: 1, why }]);
    expect(emulator.requests()).toHaveLength(0);
  });

  it('waits for a time that is up to five minutes ahead, and refuses one that is further', async () => {
    const { run, target, clock, emulator } = await setUp();
    const soon = clock().add({ minutes: 5 });
    expect((await run([target], soon)).targets).toMatchObject([{ published: 1, failed: [] }]);
    expect(clock()).toEqual(soon);
    const { targets } = await run([target], clock().add({ minutes: 5, seconds: 1 }));
    expect(targets).toMatchObject([{ published: 0, failed: [{ kind: 'input' }] }]);
    expect(emulator.tasks()).toHaveLength(1);
  });

  it('reports a window that was exported before, and of one that another run holds', async () => {
    const { run, target, events } = await setUp();
    await Promise.all([run([target]), run([target])]);
    await run([target]);
    const reported = events.filter(({ type }) => type === 'window_deferred' || type === 'window_covered');
    const window = expect.objectContaining({ start: Temporal.Instant.from('2026-11-22T00:00:00Z') });
    expect(reported).toEqual([
      { type: 'window_deferred', targetId: 'acme', window, why: expect.any(String) },
      { type: 'window_covered', targetId: 'acme', window },
    ]);
  });

  it('works on eight targets at once and on no more', async () => {
    const { ports, origin, clock } = await setUp();
    let active = 0;
    let most = 0;
    const local = ports();
    const api: ExportApi = {
      ...local.api,
      submit: async (...demanded) => {
        active += 1;
        most = Math.max(most, active);
        await wait(50);
        active -= 1;
        return local.api.submit(...demanded);
      },
    };
    const targets = Array.from({ length: 20 }, (_, index) => targetAt(origin, { id: `target-${index}` }));
    const trigger = { kind: 'schedule' } as const;
    await runScheduledExport(
      { ...local, api },
      { targets, sweep: false, scheduledTime: clock(), trigger },
      never,
    );
    expect(most).toBe(8);
  });

  it('serves fifty targets, a few at once', async () => {
    const { run, origin, emulator, subjects } = await setUp();
    const many = Array.from({ length: 50 }, (_, index) => targetAt(origin, { id: `target-${index}` }));
    const report = await run(many);
    expect(report.targets.map(({ target_id }) => target_id)).toEqual(many.map(({ id }) => id));
    expect(emulator.tasks()).toHaveLength(50);
    expect(await subjects()).toHaveLength(50);
  });
});
