import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../lib/domain/errors.ts';
import type { ExportEvent } from '../../../lib/domain/export-event.ts';
import { workThrough } from '../../../lib/exports/scheduled/work-through.ts';
import { settled, type WindowOutcome } from '../../../lib/exports/window/window-outcome.ts';
import { at } from '../running-target.ts';

// Of lib/exports: window-outcome.ts as well.

const start = at('2026-11-22T00:00:00Z');
const windows = [0, 1, 2, 3].map((hours) => ({
  start: start.add({ hours }),
  end: start.add({ hours: hours + 1 }),
}));
const error = new UnavailableError('Huawei is down.', { reason: 'server_error' });

async function work(outcomes: (WindowOutcome | (() => WindowOutcome))[], signal: AbortSignal) {
  const events: ExportEvent[] = [];
  const done: number[] = [];
  const jobs = outcomes.map((outcome, index) => ({
    window: windows[index] ?? { start, end: start },
    work: async () => {
      done.push(index);
      return typeof outcome === 'function' ? outcome() : outcome;
    },
  }));
  const ports = { observe: (event: ExportEvent) => void events.push(event) } as Parameters<
    typeof workThrough
  >[0];
  const results = await workThrough(ports, 'acme', jobs, signal);
  return { events, done, outcomes: results.map(({ result }) => result.outcome), results };
}

describe('jobs', () => {
  it('are done one after the other, and only what nobody else tells is told', async () => {
    const found = await work(
      [
        { outcome: 'announced' },
        { outcome: 'failed', error },
        { outcome: 'left', why: 'held' },
        { outcome: 'covered' },
      ],
      new AbortController().signal,
    );
    expect(found.done).toEqual([0, 1, 2, 3]);
    expect(found.outcomes).toEqual(['announced', 'failed', 'left', 'covered']);
    expect(found.events).toEqual([
      { type: 'window_failed', targetId: 'acme', window: windows[1], error },
      { type: 'window_left', targetId: 'acme', window: windows[2], why: 'held' },
      { type: 'window_covered', targetId: 'acme', window: windows[3] },
    ]);
  });

  it('for which there is no time are told as one number, and each is in the results', async () => {
    const over = new AbortController();
    const stop = (): WindowOutcome => {
      over.abort();
      return { outcome: 'announced' };
    };
    const found = await work(
      [{ outcome: 'announced' }, stop, { outcome: 'announced' }, { outcome: 'announced' }],
      over.signal,
    );
    expect(found.done).toEqual([0, 1]);
    expect(found.outcomes).toEqual(['announced', 'announced', 'left', 'left']);
    expect(found.results.map(({ window }) => window)).toEqual(windows);
    expect(found.events).toEqual([{ type: 'windows_left', targetId: 'acme', windows: 2 }]);
  });
});

it('whatever is thrown on the way is an outcome', async () => {
  expect(await settled(() => Promise.reject(error))).toEqual({ outcome: 'failed', error });
  expect(await settled(() => Promise.reject(new TypeError('no')))).toMatchObject({
    outcome: 'failed',
    error: { kind: 'unexpected' },
  });
});
