import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../lib/domain/errors.ts';
import type { RunEvent } from '../../../lib/domain/exports/run-events.ts';
import { runJobs } from '../../../lib/exports/window/jobs.ts';
import { toOutcome, type WindowOutcome } from '../../../lib/exports/window/outcome.ts';
import { at } from '../running-target.ts';

// Of lib/exports: window-outcome.ts as well.

const start = at('2026-11-22T00:00:00Z');
const windows = [0, 1, 2, 3].map((hours) => ({
  start: start.add({ hours }),
  end: start.add({ hours: hours + 1 }),
}));
const error = new UnavailableError('Huawei is down.', { reason: 'server_error' });

async function work(outcomes: (WindowOutcome | (() => WindowOutcome))[], signal: AbortSignal) {
  const events: RunEvent[] = [];
  const done: number[] = [];
  const jobs = outcomes.map((outcome, index) => ({
    window: windows[index] ?? { start, end: start },
    work: async () => {
      done.push(index);
      return typeof outcome === 'function' ? outcome() : outcome;
    },
  }));
  const ports = { observe: (event: RunEvent) => void events.push(event) } as Parameters<typeof runJobs>[0];
  const results = await runJobs(ports, 'acme', jobs, { signal });
  return { events, done, outcomes: results.map(({ result }) => result.outcome), results };
}

describe('jobs', () => {
  it('are done one after the other, and only what nobody else reports is reported', async () => {
    const found = await work(
      [
        { outcome: 'published' },
        { outcome: 'failed', error },
        { outcome: 'deferred', why: 'held' },
        { outcome: 'covered' },
      ],
      new AbortController().signal,
    );
    expect(found.done).toEqual([0, 1, 2, 3]);
    expect(found.outcomes).toEqual(['published', 'failed', 'deferred', 'covered']);
    expect(found.events).toEqual([
      { type: 'window_failed', targetId: 'acme', window: windows[1], error },
      { type: 'window_deferred', targetId: 'acme', window: windows[2], why: 'held' },
      { type: 'window_covered', targetId: 'acme', window: windows[3] },
    ]);
  });

  it('for which there is no time are reported as one number, and each is in the results', async () => {
    const over = new AbortController();
    const stop = (): WindowOutcome => {
      over.abort();
      return { outcome: 'published' };
    };
    const found = await work(
      [{ outcome: 'published' }, stop, { outcome: 'published' }, { outcome: 'published' }],
      over.signal,
    );
    expect(found.done).toEqual([0, 1]);
    expect(found.outcomes).toEqual(['published', 'published', 'deferred', 'deferred']);
    expect(found.results.map(({ window }) => window)).toEqual(windows);
    expect(found.events).toEqual([
      { type: 'windows_deferred', targetId: 'acme', windows: 2, why: 'it was interrupted' },
    ]);
  });

  it('say that the time was over where that is why the rest is not done', async () => {
    const over = AbortSignal.abort(new DOMException('over', 'TimeoutError'));
    const found = await work([{ outcome: 'published' }], over);
    expect(found.done).toEqual([]);
    expect(found.results).toEqual([
      { window: windows[0], result: { outcome: 'deferred', why: "the run's time was over" } },
    ]);
    expect(found.events).toEqual([
      { type: 'windows_deferred', targetId: 'acme', windows: 1, why: "the run's time was over" },
    ]);
  });

  it('that ask something of Huawei are left when something speaks against it, and the others are done', async () => {
    const done: string[] = [];
    const job = (name: string, index: number, more: object) => ({
      window: windows[index] ?? { start, end: start },
      work: async (): Promise<WindowOutcome> => {
        done.push(name);
        return { outcome: 'published' };
      },
      ...more,
    });
    const events: RunEvent[] = [];
    const ports = { observe: (event: RunEvent) => void events.push(event) } as Parameters<typeof runJobs>[0];
    const jobs = [job('first', 0, {}), job('second', 1, {}), job('kept message', 2, { isLocal: true })];
    const hold = () => (done.length > 0 ? 'its host is down' : undefined);
    const { signal } = new AbortController();
    const results = await runJobs(ports, 'acme', jobs, { signal, hold });
    expect(done).toEqual(['first', 'kept message']);
    expect(results.at(-1)).toEqual({
      window: windows[1],
      result: { outcome: 'deferred', why: 'its host is down' },
    });
    expect(events).toEqual([
      { type: 'windows_deferred', targetId: 'acme', windows: 1, why: 'its host is down' },
    ]);
  });
});

it('whatever is thrown on the way is an outcome', async () => {
  expect(await toOutcome(() => Promise.reject(error))).toEqual({ outcome: 'failed', error });
  expect(await toOutcome(() => Promise.reject(new TypeError('no')))).toMatchObject({
    outcome: 'failed',
    error: { kind: 'unexpected' },
  });
});
