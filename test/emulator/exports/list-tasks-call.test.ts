import { expect, test } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { EXPORT_PATH, PROJECT, runEmulator, signed, signedExport, TASKS_PATH } from '../running-emulator.ts';

const OTHER = { id: 'ffffffffffffffffffffffffffffffff', name: 'ap-southeast-1' };

type Page = { export_tasks: Record<string, unknown>[]; count: number };

/** An emulator with some tasks, made a second apart. */
async function withTasks(count: number) {
  const running = await runEmulator({ projects: [DEMO_ACCOUNT.project, OTHER] });
  const { call, emulator, origin, time } = running;
  const sign = (path: string) => signed(origin + path, { method: 'GET', at: time.now });
  for (let n = 0; n < count; n += 1) {
    await call(EXPORT_PATH, signedExport(origin, { at: time.now }));
    time.now += 1000;
  }
  const ids = emulator.tasks().map(({ id }) => id);
  const list = async (query = '', project = PROJECT) => {
    const path = `/v2/${project}/export-tasks${query}`;
    return (await (await call(path, sign(path))).json()) as Page;
  };
  const listed = async (query: string) => {
    const page = await list(query);
    return page.export_tasks.map((task) => ids.indexOf(String(task['task_id'])));
  };
  const status = async (query: string) => (await call(TASKS_PATH + query, sign(TASKS_PATH + query))).status;
  return { ...running, ids, list, listed, status };
}

test('a task is CREATING, then SUCCESS, then EXPIRED, as the clock goes', async () => {
  const { list, time, ids } = await withTasks(1);
  const created = {
    task_id: ids[0],
    file_name: expect.stringMatching(/\.csv$/),
    create_time: '2026-11-20T12:00:00.000+0000',
    is_download: false,
  };
  expect(await list()).toEqual({ export_tasks: [{ ...created, status: 'CREATING' }], count: 1 });
  time.now += 4000;
  const ended = { ...created, end_time: '2026-11-20T12:00:05.000+0000' };
  expect(await list()).toEqual({ export_tasks: [{ ...ended, status: 'SUCCESS' }], count: 1 });
  time.now += 7 * 24 * 3_600_000 - 1;
  expect(await list()).toMatchObject({ export_tasks: [{ status: 'SUCCESS' }] });
  time.now += 1;
  expect(await list()).toEqual({ export_tasks: [{ ...ended, status: 'EXPIRED' }], count: 1 });
});

test('a task that failed says why', async () => {
  const { emulator, ids, list } = await withTasks(1);
  emulator.failTask(ids[0] ?? '', 'too many rows', 'WKS.1');
  expect(await list()).toMatchObject({
    export_tasks: [
      {
        status: 'FAIL',
        fail_reason: 'too many rows',
        error_code: 'WKS.1',
        end_time: '2026-11-20T12:00:01.000+0000',
      },
    ],
  });
});

test('tasks come oldest first, or newest first when asked', async () => {
  const { listed } = await withTasks(3);
  expect(await listed('')).toEqual([0, 1, 2]);
  expect(await listed('?sort_field=create_time&sort_type=ASC')).toEqual([0, 1, 2]);
  expect(await listed('?sort_field=create_time&sort_type=DESC')).toEqual([2, 1, 0]);
});

test('a page has 20 tasks unless the query says otherwise, and counts them all', async () => {
  const { list, listed } = await withTasks(22);
  expect(await list()).toMatchObject({ count: 22, export_tasks: { length: 20 } });
  expect(await listed('?offset=20')).toEqual([20, 21]);
  expect(await listed('?limit=2&offset=3')).toEqual([3, 4]);
  expect(await listed('?limit=100')).toHaveLength(22);
  expect(await list('?offset=100')).toEqual({ export_tasks: [], count: 22 });
});

test('a downloaded task is hidden unless asked for', async () => {
  const { emulator, ids, listed } = await withTasks(3);
  emulator.markDownloaded(ids[1] ?? '');
  expect(await listed('')).toEqual([0, 2]);
  expect(await listed('?is_download=false')).toEqual([0, 2]);
  expect(await listed('?is_download=true')).toEqual([1]);
});

test('tasks can be found by id, by file name and by status', async () => {
  const { emulator, ids, listed } = await withTasks(3);
  emulator.expireTask(ids[2] ?? '');
  expect(await listed(`?task_id=${ids[1]}`)).toEqual([1]);
  expect(await listed(`?file_name=${emulator.tasks()[0]?.fileName}`)).toEqual([0]);
  expect(await listed('?status=EXPIRED')).toEqual([2]);
  expect(await listed(`?status=CREATING&task_id=${ids[2]}`)).toEqual([]);
});

test('a project sees its own tasks alone', async () => {
  const { list } = await withTasks(1);
  expect(await list('', OTHER.id)).toEqual({ export_tasks: [], count: 0 });
});

test.each([
  'limit=0',
  'limit=101',
  'limit=x',
  'offset=-1',
  'offset=1.5',
  'status=DONE',
  'is_download=yes',
  'sort_field=end_time&sort_type=ASC',
  'sort_field=create_time',
  'sort_type=DESC',
  'sort_field=create_time&sort_type=asc',
])('the query %s is invalid', async (query) => {
  const { status } = await withTasks(0);
  expect(await status(`?${query}`)).toBe(400);
});

test('a parameter that the call does not have is ignored', async () => {
  const { status } = await withTasks(0);
  expect(await status('?page=2')).toBe(200);
});
