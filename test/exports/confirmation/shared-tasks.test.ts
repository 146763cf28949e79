import { describe, expect, it } from 'vitest';
import type { WindowRow } from '../../../lib/domain/ledger/window-row.ts';
import { taskMessage, windowRow } from '../../support/ledger/window-rows.ts';
import { at, runningTarget } from '../running-target.ts';

// Two runs at once, neither of which knew what the other was given.

const first = { start: at('2026-11-22T00:00:00Z'), end: at('2026-11-23T00:00:00Z') };
const second = { start: first.end, end: at('2026-11-24T00:00:00Z') };

/** The window of the first night is published, and so is another, by the same task, which has ended in SUCCESS. */
async function sharedTask(other: Partial<WindowRow> & Pick<WindowRow, 'window'>) {
  const running = await runningTarget();
  await running.calendar();
  const taskId = running.emulator.tasks()[0]?.id ?? '';
  running.pass({ hours: 24 });
  const message = taskMessage(taskId);
  const publishedAt = running.clock();
  const shared = { targetId: 'acme', attempt: 1, ...other };
  await running.save(windowRow(shared, { state: 'published', message, publishedAt }));
  return { ...running, taskId };
}

describe('a task that the ledger names for two windows', () => {
  it('confirms neither: both are reported and ordered again, with messages of their own', async () => {
    const { calendar, rows, messages, taskId, reported, stored, entries } = await sharedTask({
      window: second,
    });
    const report = await calendar();
    const message =
      `Huawei named one task, ${taskId}, for 2 windows: 2026-11-22T00:00:00Z/2026-11-23T00:00:00Z, ` +
      '2026-11-23T00:00:00Z/2026-11-24T00:00:00Z. It exports one of them at the most, and it is not known which, so the ' +
      'others are ordered again.';
    expect(report).toMatchObject({ confirmed: 0, published: 2 });
    expect(report.failed.map(({ kind, message: said }) => [kind, said])).toEqual([
      ['malformed_reply', message],
      ['malformed_reply', message],
    ]);
    expect(reported('window_confirmed')).toEqual([]);
    expect(await rows()).toEqual(['11-22/11-23 published', '11-23/11-24 published']);
    expect((await messages()).map(({ data }) => data.attempt)).toEqual([1, 2, 2]);
    expect((await entries()).map(({ taskId: id, orphans }) => [id === taskId, orphans])).toEqual([
      [false, 1],
      [false, 1],
    ]);
    expect((await stored())?.coveredUntil).toEqual(first.start);
  });

  it('confirms neither where one of them is of an alert', async () => {
    const { calendar, reported, rows } = await sharedTask({
      window: first,
      reason: 'alert',
      alertExport: { number: 1, orderedAt: first.end },
    });
    expect(await calendar()).toMatchObject({
      confirmed: 0,
      failed: [{ kind: 'malformed_reply' }, { kind: 'malformed_reply' }],
    });
    expect(reported('window_confirmed')).toEqual([]);
    expect((await rows()).sort()).toEqual([
      '11-22/11-23 failed',
      '11-22/11-23 published',
      '11-23/11-24 published',
    ]);
  });

  it('leaves one that is confirmed as it is, and confirms no other', async () => {
    const { calendar, pass, save, taskId, rows } = await sharedTask({ window: second });
    const message = taskMessage(taskId);
    const confirmedAt = at('2026-11-23T01:35:00Z');
    const state = { state: 'confirmed', message, publishedAt: confirmedAt, confirmedAt } as const;
    await save(windowRow({ targetId: 'acme', window: first, version: 4 }, state));
    pass({ minutes: 1 });
    expect(await calendar()).toMatchObject({ confirmed: 0, failed: [{ kind: 'malformed_reply' }] });
    expect(await rows()).toEqual(['11-22/11-23 confirmed', '11-23/11-24 published']);
  });
});

// A backfill that is open makes a run list further back than Huawei has records, before it searches the task list.
it.each([
  ['a day', []],
  ['more than 30 days', [{ start: at('2026-10-20T00:00:00Z'), end: at('2026-10-21T00:00:00Z') }]],
])(
  'a task that another run puts into the ledger while the list is searched confirms neither window, also where the run has listed %s',
  async (_, openBackfills) => {
    const running = await runningTarget();
    await running.calendar();
    const taskId = running.emulator.tasks()[0]?.id ?? '';
    running.pass({ hours: 24 });
    const ports = running.ports();
    const row = await running.stored();
    const [lookbackFrom] = openBackfills.map(({ start }) => start);
    if (row && lookbackFrom)
      await ports.ledger.saveTarget({ ...row, version: row.version + 1, openBackfills, lookbackFrom });
    const other = windowRow(
      { targetId: 'acme', window: second },
      { state: 'published', message: taskMessage(taskId), publishedAt: running.clock() },
    );
    let isWritten = false;
    const listTasks: typeof ports.api.listTasks = async (...given) => {
      if (!isWritten) await running.save(other);
      isWritten = true;
      return ports.api.listTasks(...given);
    };
    const report = await running.calendar({ ports: { ...ports, api: { ...ports.api, listTasks } } });
    expect(report).toMatchObject({ confirmed: 0, failed: [{ kind: 'malformed_reply' }] });
    expect(running.reported('window_confirmed')).toEqual([]);
  },
);
