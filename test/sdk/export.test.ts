import { afterAll, describe, expect, it } from 'vitest';
import { runSdk } from './calls.ts';
import { startHuaweiSdk } from './huawei-sdk.ts';

const sdk = startHuaweiSdk();
afterAll(sdk.stop);

const HOUR = 3_600_000;

/** Yesterday's noon as a Python user may write it, with what comes after the seconds. */
const noon = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR - 12 * HOUR;
const aware = (at: number, rest = '+00:00') => ({
  datetime: new Date(at).toISOString().slice(0, 19) + rest,
});
const span = (start: number, end: number) => ({ login_start_time: aware(start), login_end_time: aware(end) });

describe('a typed time', () => {
  it.each([
    ['in UTC', aware(noon), 0],
    ['with an offset', aware(noon + 8 * HOUR, '+08:00'), 0],
    ['with an odd offset to the west', aware(noon - 3.5 * HOUR, '-03:30'), 0],
    ['with microseconds', aware(noon, '.123456+00:00'), 123.456],
    [
      'with milliseconds, which Python sends as microseconds',
      aware(noon, '.858000+05:45'),
      858 - 5.75 * HOUR,
    ],
  ])('%s is the instant that was meant', async (_, start, later) => {
    const { emulator, exportRecords } = await runSdk(sdk);
    const reply = await exportRecords({ login_start_time: start, login_end_time: aware(noon + HOUR) });
    expect(reply).toMatchObject({ status: 200, model: { task_id: emulator.tasks()[0]?.id } });
    expect((emulator.tasks()[0]?.query.start ?? 0) - noon).toBeCloseTo(later, 3);
  });

  it.each(['', '.123456'])(
    'without a zone ("%s" after the seconds) is refused, and told why',
    async (rest) => {
      const { emulator, exportRecords } = await runSdk(sdk);
      expect(
        await exportRecords({ login_start_time: aware(noon, rest), login_end_time: aware(noon + HOUR) }),
      ).toMatchObject({
        status: 400,
        code: 'WKS.00211102',
        error: expect.stringContaining('login_start_time: has no zone'),
        request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      expect(emulator.tasks()).toEqual([]);
    },
  );

  it('is read in update_time too', async () => {
    const { exportRecords } = await runSdk(sdk);
    expect((await exportRecords({ update_time: aware(noon, '.000001+00:00') })).status).toBe(200);
    expect((await exportRecords({ update_time: aware(noon, '') })).status).toBe(400);
  });
});

it('every filter of the model is taken', async () => {
  const { emulator, exportRecords } = await runSdk(sdk);
  const filters = Object.fromEntries(FILTERS.map((name) => [name, `a ${name}`]));
  expect((await exportRecords({ ...filters, ...span(noon, noon + HOUR) })).status).toBe(200);
  expect(emulator.tasks()[0]?.query).toMatchObject({ start: noon, end: noon + HOUR, filters });
});

it('the file holds as many records as the list counts, and the same', async () => {
  const { download, exportRecords, listRecords } = await runSdk(sdk);
  const body = { client_type: 'Windows 10', ...span(noon - 72 * HOUR, noon) };
  const id = String((await exportRecords(body)).model['task_id']);
  const { content } = await download(id);
  const ids = content
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((row) => row.split(',')[0]);
  expect(ids.length).toBeGreaterThan(20);
  expect((await listRecords(body, { limit: 1 })).model).toMatchObject({ count: ids.length });
  const pages: { id: string }[] = [];
  for (let offset = 0; offset < ids.length; offset += 15)
    pages.push(...Object(await listRecords(body, { limit: 15, offset })).model.items);
  expect(pages.map(({ id: one }) => one)).toEqual(ids);
});

it('a record of the list has its times as the SDK reads them', async () => {
  const record = {
    id: 'one',
    user_name: 'user001',
    start_time: new Date(noon).toISOString(),
    end_time: `${new Date(noon + HOUR).toISOString().slice(0, 19)}Z`,
  };
  const { listRecords } = await runSdk(sdk, { records: [record] });
  expect((await listRecords({})).model).toEqual({
    count: 1,
    items: [{ ...record, start_time: aware(noon).datetime, end_time: aware(noon + HOUR).datetime }],
  });
});

describe('the tasks', () => {
  it('are listed as the model has them, by state and by id', async () => {
    const { emulator, exportRecords, listTasks } = await runSdk(sdk);
    const ids: string[] = [];
    for (const hours of [1, 2, 3])
      ids.push(String((await exportRecords(span(noon, noon + hours * HOUR))).model['task_id']));
    const [first = '', second = '', third = ''] = ids;
    emulator.failTask(second, 'too many rows', 'WKS.1');
    expect((await listTasks({ status: 'FAIL' })).model).toEqual({
      count: 1,
      export_tasks: [
        {
          task_id: second,
          file_name: expect.stringMatching(/\.csv$/),
          status: 'FAIL',
          fail_reason: 'too many rows',
          error_code: 'WKS.1',
          create_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
          end_time: expect.any(String),
          is_download: false,
        },
      ],
    });
    const page = { sort_field: 'create_time', sort_type: 'DESC', limit: 2 };
    expect((await listTasks(page)).model).toMatchObject({
      count: 3,
      export_tasks: [{ task_id: third }, { task_id: second }],
    });
    expect((await listTasks({ ...page, offset: 2 })).model).toMatchObject({
      export_tasks: [{ task_id: first }],
    });
    expect((await listTasks({ task_id: third })).model).toMatchObject({ export_tasks: [{ task_id: third }] });
  });

  it('are still there once they were downloaded, for who asks for those', async () => {
    const { download, exportRecords, listTasks } = await runSdk(sdk);
    const id = String((await exportRecords({})).model['task_id']);
    expect((await download(id)).status).toBe(200);
    expect((await listTasks({ task_id: id })).model).toMatchObject({ count: 0 });
    expect((await listTasks({ task_id: id, is_download: true })).model).toMatchObject({
      export_tasks: [{ task_id: id, is_download: true }],
    });
  });

  it('have no file while they run, nor when they never were', async () => {
    const { download, exportRecords } = await runSdk(sdk, { taskCreatingSeconds: 3600 });
    const id = String((await exportRecords({})).model['task_id']);
    expect(await download(id)).toMatchObject({ status: 400, error: expect.stringContaining('CREATING') });
    expect(await download('0'.repeat(32))).toMatchObject({ status: 404 });
  });
});

it.each([
  [{ type: 'throttle' }, 429, 'APIGW.0308'],
  [{ type: 'forbidden' }, 403, 'PAP5.0001'],
  [{ type: 'wrong_host' }, 404, 'APIGW.0101'],
  [{ type: 'status', status: 503 }, 503, 'WKS.00050902'],
  [{ type: 'status', status: 502 }, 502, 'APIGW.0202'],
] as const)('a refusal (%j) is one that the SDK can read', async (effect, status, code) => {
  const { exportRecords } = await runSdk(sdk, { scenario: { steps: [{ on: 'export', effect }] } });
  const refusal = { status, code, request_id: expect.stringMatching(/^[0-9a-f]{32}$/) };
  expect(await exportRecords({})).toMatchObject(refusal);
});

const FILTERS = [
  'id',
  'connect_type',
  'user_name',
  'machine_sid',
  'machine_name',
  'failed_reason',
  'failed_code',
  'client_name',
  'client_version',
  'client_type',
  'agent_version',
  'vm_ip',
  'connect_flag',
  'wi_ip',
  'public_ip',
  'tenant_id',
  'virtual_ip',
];
