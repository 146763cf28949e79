import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Target } from '../../../lib/domain/input/target.ts';
import { intersection, type Span, spanText, union } from '../../../lib/domain/time/spans.ts';
import { targetStatus } from '../../../lib/exports/status/target-status.ts';
import { historyOf } from '../../support/runs/history.ts';

async function setUp() {
  const history = await historyOf();
  const status = (target: Target) => targetStatus(history.ports(), target);
  return { ...history, status };
}

/** Spans as `<start>/<end>`, without what all times of these tests share. */
function texts(spans: readonly Span[]): string[] {
  return spans.map(spanText).map(({ start, end }) => `${short(start)}/${short(end)}`);
}

function short(time: string): string {
  return time.replace('T00:00:00Z', '').replace(':00Z', '');
}

describe('the status of a target', () => {
  it('before its first run has no coverage and nothing to complain of', async () => {
    const { status, target } = await setUp();
    const found = await status({ ...target, startAt: Temporal.Instant.from('2026-09-01T00:00:00Z') });
    expect(found).not.toHaveProperty('coveredFrom');
    expect(found).not.toHaveProperty('coveredUntil');
    expect(found).not.toHaveProperty('hoursLeft');
    expect(found).toMatchObject({ pending: [], gaps: [], lost: [], orphans: [], unconfirmed: 0 });
  });

  it('distinguishes windows that are confirmed, pending and missing, and joins what touches', async () => {
    const { status, run, at, target } = await setUp();
    await run(target);
    at('2026-11-25T00:35:00Z');
    await run(target);
    at('2026-11-28T00:35:00Z');
    const found = await status(target);
    expect(texts(found.confirmed)).toEqual(['2026-11-22/2026-11-23']);
    expect(texts(found.pending)).toEqual(['2026-11-23/2026-11-25']);
    expect(texts(found.gaps)).toEqual(['2026-11-25/2026-11-28']);
    expect(found.unconfirmed).toBe(2);
    expect(found.coveredUntil?.toString()).toBe('2026-11-23T00:00:00Z');
    expect(found.hoursLeft).toBeCloseTo(27 * 24 - 0.58, 1);
  });

  it('takes the newest window that is due now for the end of what is due', async () => {
    const { status, run, at, target } = await setUp();
    await run(target);
    at('2026-11-24T00:29:59Z');
    expect(texts((await status(target)).gaps)).toEqual([]);
    at('2026-11-24T00:30:00Z');
    expect(texts((await status(target)).gaps)).toEqual(['2026-11-23/2026-11-24']);
  });

  it('after 40 days without a run: lost, at risk and gaps are one stretch from the last run to now', async () => {
    const { status, run, at, target } = await setUp();
    await run(target);
    at('2026-11-23T01:00:00Z');
    await run(target);
    at('2027-01-02T00:35:00Z');
    const before = await status(target);
    expect(texts(before.lost)).toEqual(['2026-11-23/2026-12-03T00:40']);
    expect(before.unrecorded).toEqual(before.lost);
    expect(texts(before.atRisk)).toEqual(['2026-12-03T00:40/2026-12-05']);
    expect(texts(before.gaps)).toEqual(['2026-12-03T00:40/2027-01-02']);
    expect(before.hoursLeft).toBeCloseTo(5 / 60, 5);
    const report = await run(target);
    expect(report).toMatchObject({ published: 30 });
    const after = await status(target);
    expect(after.lost).toEqual(before.lost);
    expect(after.unrecorded).toEqual([]);
    expect(after.gaps).toEqual([]);
    expect(after.pending).toEqual(before.gaps);
    expect(after).not.toHaveProperty('hoursLeft');
    at('2027-03-01T00:35:00Z');
    expect(texts((await status(target)).lost)[0]).toBe('2026-11-23/2026-12-03T00:40');
  });

  it('accounts permanentlyy second from coverage to the newest due window once', async () => {
    const { status, run, die, fail, at, target } = await setUp();
    const quarters = {
      ...target,
      window: { ...target.window, every: { unit: 'minutes', minutes: 360 } as const },
    };
    await run(quarters);
    at('2026-11-24T02:00:00Z');
    await die(quarters, { when: 'after', call: 'api.submit', nth: 2 });
    at('2026-11-25T02:00:00Z');
    await fail(quarters);
    await die(quarters, { when: 'after', call: 'ledger.save', nth: 1 });
    at('2027-01-02T02:00:00Z');
    const { confirmed, pending, gaps, lost, coveredFrom, dueUntil } = await status(quarters);
    const sets = [confirmed, pending, gaps, lost];
    expect(union(sets.flat())).toEqual([{ start: coveredFrom, end: dueUntil }]);
    for (const [index, one] of sets.entries()) {
      expect(intersection(one, sets.slice(index + 1).flat())).toEqual([]);
    }
  });

  it('counts what a run holds as pending until its lease is over, and what was not published too', async () => {
    const { status, die, at, target } = await setUp();
    await die(target, { when: 'before', call: 'api.submit', nth: 1 });
    expect(texts((await status(target)).pending)).toEqual(['2026-11-22/2026-11-23']);
    at('2026-11-23T00:41:00Z');
    expect(await status(target)).toMatchObject({ pending: [], gaps: [expect.anything()] });
    await die(target, { when: 'before', call: 'queue.publish', nth: 1 });
    at('2026-11-23T02:00:00Z');
    const found = await status(target);
    expect(texts(found.pending)).toEqual(['2026-11-22/2026-11-23']);
    expect(texts(found.orphans)).toEqual(['2026-11-22/2026-11-23']);
    expect(found.unconfirmed).toBe(0);
  });

  it('names the newest failure that still matters, until the window is exported', async () => {
    const { status, run, die, fail, at, target, emulator } = await setUp();
    await fail(target);
    at('2026-11-24T00:35:00Z');
    await fail(target);
    const newest = async () => (await status(target)).lastFailure;
    expect(await newest()).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('exportUserConnection'),
    });
    expect((await newest())?.at.toString()).toBe('2026-11-24T00:35:00Z');
    at('2026-11-24T00:40:00Z');
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'forbidden' } }] });
    await die(target, { when: 'after', call: 'ledger.save', nth: 2 });
    expect((await newest())?.at.toString()).toBe('2026-11-24T00:40:00Z');
    // The run's current window comes before the older one, and the run died after the first that failed.
    expect((await newest())?.window.start.toString()).toBe('2026-11-23T00:00:00Z');
    at('2026-11-24T01:35:00Z');
    await run(target);
    expect(await status(target)).not.toHaveProperty('lastFailure');
  });

  it('forgets a failure that windows of another length have made good', async () => {
    const { status, run, fail, at, target } = await setUp();
    await fail(target);
    at('2026-11-23T13:00:00Z');
    const halves = {
      ...target,
      window: { ...target.window, every: { unit: 'minutes', minutes: 720 } as const },
    };
    await run(halves);
    const found = await status(halves);
    expect(texts(found.gaps)).toEqual([]);
    expect(found).not.toHaveProperty('lastFailure');
  });

  it('keeps a window that no run orders again among the gaps, and says so', async () => {
    const { status, run, at, target, emulator } = await setUp();
    const once = { ...target, maxAttempts: 1 };
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'fail_task', reason: 'disk full' } }] });
    await run(once);
    at('2026-11-23T01:35:00Z');
    await run(once);
    const found = await status(once);
    expect(texts(found.exhausted)).toEqual(['2026-11-22/2026-11-23']);
    expect(found.gaps).toEqual(found.exhausted);
    expect(found.lastFailure).toMatchObject({
      kind: 'task_failed',
      message: expect.stringContaining('disk full'),
    });
  });

  it('says since when nobody confirms, once a nightly run should have', async () => {
    const { status, run, at, target, emulator } = await setUp();
    await run(target);
    emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
    at('2026-11-24T00:35:00Z');
    await run(target);
    expect(await status(target)).not.toHaveProperty('longUnconfirmed');
    at('2026-11-24T02:36:00Z');
    expect((await status(target)).longUnconfirmed).toEqual({
      windows: 1,
      since: Temporal.Instant.from('2026-11-23T00:35:00Z'),
      oldest: {
        start: Temporal.Instant.from('2026-11-22T00:00:00Z'),
        end: Temporal.Instant.from('2026-11-23T00:00:00Z'),
      },
    });
    at('2027-01-24T02:36:00Z');
    expect(await status(target)).not.toHaveProperty('longUnconfirmed');
  });

  it('does not take a window for a gap that lies before coverage', async () => {
    const { status, run, at, target } = await setUp();
    await run(target);
    at('2026-11-10T12:00:00Z');
    const found = await status(target);
    expect(found).toMatchObject({ gaps: [], atRisk: [] });
    expect(texts(found.pending)).toEqual(['2026-11-22/2026-11-23']);
  });

  it('asks Huawei nothing and writes nothing', async () => {
    const { status, run, at, target, emulator, ports } = await setUp();
    await run(target);
    const [asked, row] = [emulator.requests().length, await ports().ledger.findTarget(target.id)];
    at('2027-01-02T00:35:00Z');
    await status(target);
    expect(emulator.requests()).toHaveLength(asked);
    expect(await ports().ledger.findTarget(target.id)).toEqual(row);
    expect(
      await ports().ledger.list(target.id, target.startAt ?? Temporal.Instant.from('2026-01-01T00:00Z')),
    ).toHaveLength(1);
  });
});
