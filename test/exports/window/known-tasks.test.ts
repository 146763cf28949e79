import { describe, expect, it } from 'vitest';
import { filtersDigest } from '../../../lib/domain/ledger/window-row.ts';
import { backfill } from '../../../lib/exports/backfill/backfill.ts';
import { backfillMoment } from '../../../lib/exports/backfill/range.ts';
import { at, never, runningTarget } from '../running-target.ts';

// One task exports one window. Whoever takes a task for two confirms one of them without a file.

/** Huawei answers each order from now on with the id of one task. */
const answering = (task_id: string) => ({
  steps: [{ on: 'export', times: 'always', effect: { type: 'export_reply', task_id } } as const],
});

const window = { start: at('2026-11-22T00:00:00Z'), end: at('2026-11-23T00:00:00Z') };

describe('a task that Huawei names for a second window', () => {
  it('of the same run is refused, and says which window had it', async () => {
    const { calendar, emulator, rows, messages } = await runningTarget({ start_at: '2026-11-20T00:00:00Z' });
    emulator.setScenario(answering('one-for-all'));
    const report = await calendar();
    expect(report).toMatchObject({ planned: 3, published: 1 });
    const message =
      'Huawei answered the order with the task one-for-all, which it had named before, for ' +
      '2026-11-22T00:00:00Z/2026-11-23T00:00:00Z. A task exports one window, so the task of this window is not known; it is ordered again.';
    expect(report.failed).toEqual([
      {
        window: { start: '2026-11-20T00:00:00Z', end: '2026-11-21T00:00:00Z' },
        kind: 'malformed_reply',
        message,
      },
      {
        window: { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' },
        kind: 'malformed_reply',
        message,
      },
    ]);
    expect(await rows()).toEqual(['11-20/11-21 failed', '11-21/11-22 failed', '11-22/11-23 published']);
    expect(await messages()).toHaveLength(1);
  });

  it('of a later night is refused, however long the first is confirmed', async () => {
    const { calendar, emulator, rows, pass } = await runningTarget();
    await calendar();
    const [first] = emulator.tasks();
    for (let night = 0; night < 3; night += 1) {
      pass({ hours: 24 });
      await calendar();
    }
    pass({ hours: 24 });
    emulator.setScenario(answering(first?.id ?? ''));
    expect(await calendar()).toMatchObject({ published: 0, failed: [{ kind: 'malformed_reply' }] });
    expect((await rows()).at(-1)).toBe('11-26/11-27 failed');
    emulator.setScenario({ steps: [] });
    pass({ hours: 1 });
    expect(await calendar()).toMatchObject({ published: 1, failed: [] });
  });

  it('of a backfill is refused', async () => {
    const { emulator, ports, targetWith, rows } = await runningTarget();
    emulator.setScenario(answering('one-for-all'));
    const service = { ...ports(), waitForOthers: async () => undefined };
    const target = targetWith();
    const moment = await backfillMoment(service, target, never);
    const range = { start: at('2026-11-20T00:00:00Z'), end: at('2026-11-22T00:00:00Z') };
    const trigger = { kind: 'command', scheduled_time: '2026-11-23T00:35:00Z' } as const;
    const report = await backfill(service, { target, range, trigger, moment }, never);
    expect(report).toMatchObject({ published: 1, failed: [{ kind: 'malformed_reply' }] });
    expect(await rows()).toEqual(['11-20/11-21 published', '11-21/11-22 failed']);
  });
});

it('the task of an attempt that failed is no task of the next attempt', async () => {
  const { calendar, sweep, emulator, readRow, pass, messages } = await runningTarget();
  await calendar();
  pass({ minutes: 1 });
  const [first] = emulator.tasks();
  emulator.failTask(first?.id ?? '', 'busy');
  emulator.setScenario(answering(first?.id ?? ''));
  expect(await sweep()).toMatchObject({ published: 0, failed: [{ kind: 'malformed_reply' }] });
  expect(await readRow(window, filtersDigest({}))).toMatchObject({ state: 'failed', attempt: 2 });
  expect(await messages()).toHaveLength(1);
});
