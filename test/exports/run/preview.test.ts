import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../lib/domain/errors.ts';
import type { Target } from '../../../lib/domain/input/target.ts';
import { span, spanText, union, without } from '../../../lib/domain/time/spans.ts';
import type { EmulatorOptions } from '../../../lib/emulator/options.ts';
import { previewRun } from '../../../lib/exports/run/preview.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { historyOf } from '../../support/runs/history.ts';

async function setUp(options: EmulatorOptions = {}) {
  const history = await historyOf(options);
  const preview = async (target: Target, sweep = false) => {
    const input = { targets: [target], scheduledTime: history.clock(), sweep };
    const [first] = await previewRun(history.ports(), input);
    if (!first) throw new Error('every target has a preview');
    return first;
  };
  const lostOf = async ({ id }: Target) => {
    const entries = await history.ports().ledger.list(id, Temporal.Instant.fromEpochMilliseconds(0));
    return union(entries.filter(({ state }) => state === 'lost').map(({ window }) => window));
  };
  return { ...history, preview, lostOf };
}

const step = fc.record({
  hours: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 80 }), fc.constant(800)),
  what: fc.constantFrom('run', 'fail', 'die unpublished', 'die unanswered'),
});

describe('a preview', () => {
  // That a task failed or expired only Huawei's task list can show, which a preview does not ask.
  it('names exactly what the run then does, whatever happened before, as long as no task fails', async () => {
    const options = { taskExpirySeconds: 100 * 365 * 24 * 3600 };
    const { preview, run, fail, die, lostOf, newMessages, time, origin } = await setUp(options);
    const steps = {
      run,
      fail,
      'die unpublished': (target: Target) => die(target, { when: 'before', call: 'queue.publish', nth: 1 }),
      'die unanswered': (target: Target) => die(target, { when: 'after', call: 'api.submit', nth: 1 }),
    };
    let targets = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('P1D', 'PT12H'),
        fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
        fc.array(step, { maxLength: 4 }),
        fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean()),
        async (every, time_zone, history, [hours, last]) => {
          targets += 1;
          const window = { every, time_zone, overlap: 'PT20M' };
          const target = targetAt(origin, { id: `target-${targets}`, window });
          for (const { hours, what } of history) {
            time.now = time.now.add({ hours });
            await steps[what as keyof typeof steps](target);
          }
          time.now = time.now.add({ hours });
          await newMessages();
          const planned = await preview(target, last);
          const lostBefore = await lostOf(target);
          const report = await run(target, last);
          const sent = (await newMessages()).map(({ data }) => data);
          const kept = sent.slice(0, planned.publish.length);
          expect(kept.map((data) => data.window)).toEqual(planned.publish.map(spanText));
          expect(sent.slice(kept.length).map((data) => [data.window, data.reason, data.request])).toEqual(
            planned.windows.map(({ window, reason, sent: { loginStartTime, loginEndTime } }) => [
              spanText(window),
              reason,
              { login_start_time: loginStartTime, login_end_time: loginEndTime, filters: {} },
            ]),
          );
          const lost = without(await lostOf(target), lostBefore);
          expect(lost.map(spanText)).toEqual(planned.lost.map(spanText));
          // It may also report what an earlier run recorded, where coverage has not passed that yet.
          const reported = union(report.lost.map((text) => span.parse(text)));
          expect(without(lost, reported)).toEqual([]);
          expect(without(reported, [...lost, ...lostBefore])).toEqual([]);
        },
      ),
      {
        numRuns: 20,
        // A loss that the next run reports again, because coverage has not passed it.
        examples: [
          [
            'P1D',
            'UTC',
            [
              { hours: 1, what: 'die unpublished' },
              { hours: 800, what: 'run' },
            ],
            [0, false],
          ],
        ],
      },
    );
  });

  it('writes nothing, however often it is made', async () => {
    const { preview, run, fail, at, folder, target } = await setUp();
    await run(target);
    at('2026-11-26T00:35:00Z');
    await fail(target);
    at('2027-01-01T00:35:00Z');
    const before = stateOf(folder);
    const first = await preview(target);
    const again = await preview(target);
    expect(again).toEqual(first);
    expect(first.lost).not.toEqual([]);
    expect(stateOf(folder)).toEqual(before);
  });

  it('of the first run says where coverage would begin, and leaves that to the run', async () => {
    const { preview, ports, target, emulator } = await setUp();
    expect((await preview(target)).opensAt).toEqual(Temporal.Instant.from('2026-11-22T00:00:00Z'));
    const earlier = Temporal.Instant.from('2026-11-20T12:00:00Z');
    const planned = await preview({ ...target, startAt: earlier });
    expect(planned.opensAt).toBe(earlier);
    expect(planned.windows.map(({ window }) => window.start.toString())).toEqual([
      '2026-11-22T00:00:00Z',
      '2026-11-20T12:00:00Z',
      '2026-11-21T00:00:00Z',
    ]);
    expect(await ports().ledger.findTarget(target.id)).toBeUndefined();
    expect(emulator.requests()).toEqual([]);
  });

  it('of a target that begins later, or of a sweep before any known firing, is empty', async () => {
    const { preview, target } = await setUp();
    const nothing = { windows: [], publish: [], lost: [], leased: [], exhausted: [], confirm: 0 };
    const later = { ...target, startAt: Temporal.Instant.from('2026-12-01T00:00:00Z') };
    expect(await preview(later)).toMatchObject({ target: later, ...nothing });
    const hourly = { ...target, schedule: 'rate(1 hour)' };
    expect(await preview(hourly, true)).toMatchObject({ target: hourly, ...nothing });
  });

  it('of a sweep before the first run is that of a run at the latest firing', async () => {
    const { preview, at, origin } = await setUp();
    at('2026-11-23T17:00:00Z');
    const { opensAt, windows } = await preview(targetAt(origin, { window: { every: 'PT6H' } }), true);
    expect(opensAt).toEqual(Temporal.Instant.from('2026-11-22T18:00:00Z'));
    expect(windows.map(({ window }) => spanText(window))).toEqual([
      { start: '2026-11-22T18:00:00Z', end: '2026-11-23T00:00:00Z' },
    ]);
  });

  it('names what start_at asks for and Huawei no longer has, which is no loss', async () => {
    const { preview, run, target } = await setUp();
    const started = { ...target, startAt: Temporal.Instant.from('2026-08-15T00:00:00Z') };
    const cutoff = Temporal.Instant.from('2026-10-24T00:40:00Z');
    const before = { start: started.startAt, end: cutoff };
    const { opensAt, beforeRetention, lost } = await preview(started);
    expect({ opensAt, beforeRetention, lost }).toEqual({
      opensAt: cutoff,
      beforeRetention: before,
      lost: [],
    });
    await run(started);
    expect(await preview(started)).not.toHaveProperty('beforeRetention');
  });

  it('marks what can no longer be exported whole when the schedule fires next', async () => {
    const { preview, target } = await setUp();
    const startAt = Temporal.Instant.from('2026-10-24T12:00:00Z');
    const { windows } = await preview({ ...target, startAt });
    expect(windows.filter(({ isAtRisk }) => isAtRisk).map(({ window }) => spanText(window))).toEqual([
      { start: '2026-10-24T12:00:00Z', end: '2026-10-25T00:00:00Z' },
      { start: '2026-10-25T00:00:00Z', end: '2026-10-26T00:00:00Z' },
    ]);
    const weekly = await preview({ ...target, startAt, schedule: 'rate(7 days)' });
    expect(weekly.windows.filter(({ isAtRisk }) => isAtRisk)).toHaveLength(8);
  });

  it('leaves a window to the run that holds it, and says until when', async () => {
    const { preview, die, target } = await setUp();
    await die(target, { when: 'after', call: 'ledger.save', nth: 1 });
    const { windows, leased } = await preview(target);
    expect(windows).toEqual([]);
    expect(leased.map(({ until }) => until.toString())).toEqual(['2026-11-23T00:41:00Z']);
  });

  it('counts the published windows that Huawei would be asked about, and does not ask', async () => {
    const { preview, run, at, target, emulator } = await setUp();
    await run(target);
    at('2026-11-24T00:35:00Z');
    const asked = emulator.requests().length;
    expect(await preview(target)).toMatchObject({ confirm: 1, windows: [expect.anything()] });
    expect(emulator.requests()).toHaveLength(asked);
  });

  it('orders nothing again for which every task has failed', async () => {
    const { preview, run, at, target, emulator } = await setUp();
    const once = { ...target, maxAttempts: 1 };
    const effect = { type: 'fail_task', reason: 'disk full' } as const;
    emulator.setScenario({ steps: [{ on: 'export', effect }] });
    await run(once);
    at('2026-11-23T01:35:00Z');
    await run(once);
    const { windows, exhausted } = await preview(once);
    expect(windows).toEqual([]);
    expect(exhausted.map(spanText)).toEqual([{ start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' }]);
  });

  it('refuses a time to come, as the run does', async () => {
    const { ports, target, clock } = await setUp();
    const scheduledTime = clock().add({ hours: 1 });
    const input = { targets: [target], scheduledTime, sweep: false };
    await expect(previewRun(ports(), input)).rejects.toThrow(InputError);
  });
});

// With its log, which has what open connections wrote last; the index of the log changes by reading.
function stateOf(folder: string): Buffer[] {
  return ['state.sqlite', 'state.sqlite-wal'].map((name) => readFileSync(join(folder, name)));
}
