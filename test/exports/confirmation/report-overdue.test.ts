import { describe, expect, it } from 'vitest';
import type { ExportTask } from '../../../lib/domain/exports/export-task.ts';
import { filtersDigest } from '../../../lib/domain/ledger/window-row.ts';
import { at, runningTarget } from '../running-target.ts';

// What the list says, though it answers, may hide a failed task as long as a list that is down does.

const window = { start: at('2026-11-22T00:00:00Z'), end: at('2026-11-23T00:00:00Z') };

type Change = (task: ExportTask) => ExportTask | undefined;

const UNKNOWN: Change = (task) => ({ ...task, status: 'OTHER', unknownStatus: 'FAILED' });
const CREATING: Change = (task) => ({ ...task, status: 'CREATING' });
const MISSING: Change = () => undefined;
const UNREADABLE: Change = () => ({ taskId: '', status: 'OTHER', isDownloaded: false });

/** The first night's window is published; from then on the list says of its task what `said.now` makes of it. */
async function listThatSays(change: Change) {
  const running = await runningTarget();
  await running.calendar();
  const said = { now: change };
  const taskId = running.emulator.tasks()[0]?.id ?? '';
  const ports = () => {
    const { api, ...given } = running.ports();
    const listTasks: typeof api.listTasks = async (...call) => {
      const page = await api.listTasks(...call);
      return {
        ...page,
        tasks: page.tasks.flatMap((task) => (task.taskId === taskId ? (said.now(task) ?? []) : task)),
      };
    };
    return { ...given, api: { ...api, listTasks } };
  };
  return {
    ...running,
    said,
    taskId,
    calendar: () => running.calendar({ ports: ports() }),
    sweep: () => running.sweep({ ports: ports() }),
    readRow: () => running.readRow(window, filtersDigest({})),
  };
}

const REST =
  '. The export was published at 2026-11-23T00:35:00Z, and nobody knows whether its file is complete. Check that whoever ' +
  'reads the queue has fetched it; Huawei begins to forget the records at 2026-12-22T00:00:00Z.';

describe('a task of which the list', () => {
  it.each([
    [
      'says a word that this release does not know',
      UNKNOWN,
      (id: string) => `Huawei's task list says "FAILED" of task ${id}, which this release does not know`,
    ],
    ['still says CREATING', CREATING, (id: string) => `Huawei's task list still says CREATING of task ${id}`],
    [
      'says nothing',
      MISSING,
      (id: string) => `Task ${id} is not in Huawei's task list, although the list answers`,
    ],
    [
      'says nothing that can be read',
      UNREADABLE,
      (id: string) =>
        `Task ${id} is not in Huawei's task list, although the list answers; 1 of its tasks cannot be read`,
    ],
  ])('%s fails one run after a day, with that reason', async (_, change, why) => {
    const { pass, sweep, taskId, readRow, reported } = await listThatSays(change);
    pass({ hours: 26 });
    expect((await sweep()).failed).toEqual([]);
    pass({ minutes: 1 });
    const message = why(taskId) + REST;
    expect((await sweep()).failed).toEqual([
      {
        window: { start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' },
        kind: 'unconfirmed',
        message,
      },
    ]);
    expect(reported('window_failed')).toHaveLength(1);
    expect(await readRow()).toMatchObject({
      state: 'published',
      failure: { kind: 'unconfirmed', message, at: at('2026-11-24T02:36:00Z') },
    });
    for (let hours = 0; hours < 3; hours += 1) {
      pass({ hours: 1 });
      expect((await sweep()).failed).toEqual([]);
    }
  });

  it('does not say how it ended fails a run again before the records are lost, and then no more until they are', async () => {
    const { time, sweep } = await listThatSays(MISSING);
    const failed: string[] = [];
    for (
      time.now = at('2026-11-24T00:00:00Z');
      failed.length < 3 && time.now.epochMilliseconds < Date.parse('2026-12-24');
      time.now = time.now.add({ hours: 12 })
    ) {
      const { kind } = (await sweep()).failed[0] ?? {};
      if (kind) failed.push(`${time.now} ${kind}`);
    }
    expect(failed).toEqual([
      '2026-11-24T12:00:00Z unconfirmed',
      '2026-12-21T12:00:00Z unconfirmed',
      '2026-12-23T00:00:00Z never_confirmed',
    ]);
  });

  it('says how it ended after all is confirmed, and nothing more is reported of it', async () => {
    const { pass, sweep, said, readRow } = await listThatSays(UNKNOWN);
    pass({ hours: 27 });
    expect((await sweep()).failed).toHaveLength(1);
    said.now = (task) => task;
    pass({ hours: 1 });
    expect(await sweep()).toMatchObject({ confirmed: 2, failed: [] });
    expect(await readRow()).toMatchObject({ state: 'confirmed' });
    expect(await readRow()).not.toHaveProperty('failure');
  });

  it('says something else later is not reported again, and the ledger keeps what it said last', async () => {
    const { pass, sweep, said, readRow, taskId } = await listThatSays(CREATING);
    pass({ hours: 27 });
    expect((await sweep()).failed).toHaveLength(1);
    said.now = UNKNOWN;
    pass({ hours: 1 });
    expect((await sweep()).failed).toEqual([]);
    expect(await readRow()).toMatchObject({
      failure: {
        message: `Huawei's task list says "FAILED" of task ${taskId}, which this release does not know${REST}`,
        at: at('2026-11-24T03:35:00Z'),
      },
    });
  });

  it('says a word that this release does not know is named by every run', async () => {
    const { pass, sweep, reported } = await listThatSays(UNKNOWN);
    for (let runs = 0; runs < 2; runs += 1) {
      pass({ hours: 1 });
      await sweep();
      expect(reported('tasks_unclear')).toEqual([
        {
          type: 'tasks_unclear',
          targetId: 'acme',
          windows: 1,
          why: 'Huawei\'s task list says "FAILED", which this release does not know',
        },
      ]);
    }
  });

  it('has no readable line is named by every run; one that is still made, or is missing, is not', async () => {
    const { pass, sweep, reported, said } = await listThatSays(UNREADABLE);
    pass({ hours: 1 });
    await sweep();
    expect(reported('tasks_unclear')).toMatchObject([
      { windows: 1, why: "they are not in Huawei's task list, of which 1 task cannot be read" },
    ]);
    for (const quiet of [CREATING, MISSING]) {
      said.now = quiet;
      await sweep();
      expect(reported('tasks_unclear')).toEqual([]);
    }
  });

  it('never said a word that this release knows is reported as such where the records are deleted', async () => {
    const { pass, sweep, taskId } = await listThatSays(UNKNOWN);
    pass({ hours: 24 * 31 });
    expect((await sweep()).failed.map(({ kind, message }) => [kind, message])).toContainEqual([
      'never_confirmed',
      `Huawei's task list says "FAILED" of task ${taskId}, which this release does not know, and Huawei no longer keeps the ` +
        'records: it is not known whether its file was complete. Check that whoever reads the queue has fetched it.',
    ]);
  });
});

it('what is ordered when it is at risk and is not done in an hour is reported then, while it can be had', async () => {
  const running = await runningTarget({}, { taskCreatingSeconds: 5 * 3600 });
  await running.calendar();
  running.pass({ hours: 24 * 30 });
  await running.calendar();
  running.pass({ minutes: 30 });
  expect((await running.sweep()).failed).toEqual([]);
  running.pass({ minutes: 31 });
  const { failed } = await running.sweep();
  expect(failed.map(({ kind, window: { start } }) => `${start} ${kind}`)).toEqual([
    '2026-11-23T00:40:00Z unconfirmed',
    '2026-11-24T00:00:00Z unconfirmed',
  ]);
});
