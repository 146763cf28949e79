import { expect, test } from 'vitest';
import { loginCsv } from '../../../lib/emulator/exports/download-call.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { RECORD_FIELDS } from '../../../lib/emulator/logins/login-records.ts';
import { runEmulator, signed, TASKS_PATH } from '../running-emulator.ts';

const OTHER = { id: 'ffffffffffffffffffffffffffffffff', name: 'ap-southeast-1' };
const WINDOW = { login_start_time: '2026-11-18T00:00:00Z', login_end_time: '2026-11-19T00:00:00Z' };

async function withTask(body: object = WINDOW) {
  const running = await runEmulator({ projects: [DEMO_ACCOUNT.project, OTHER] });
  const { emulator, mint, submit, call, time } = running;
  const token = await mint();
  await submit(body, token);
  const id = emulator.tasks()[0]?.id ?? '';
  const download = (task = id) =>
    call(`${TASKS_PATH}/${task}/download`, { headers: { 'x-auth-token': token } });
  const finish = () => {
    time.now += 5000;
  };
  return { ...running, id, download, finish };
}

test('a finished task gives its records as CSV, a row for each', async () => {
  const { download, emulator, finish } = await withTask();
  finish();
  const reply = await download();
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(reply.headers.get('content-disposition')).toBe(
    `attachment; filename="${emulator.tasks()[0]?.fileName}"`,
  );
  const [head, ...rows] = (await reply.text()).trimEnd().split('\r\n');
  const expected = emulator.records(Date.parse('2026-11-18T00:00:00Z'), Date.parse('2026-11-19T00:00:00Z'));
  expect(head).toBe(RECORD_FIELDS.join(','));
  expect(rows.map((row) => row.split(',')[0])).toEqual(expected.map(({ id }) => id));
  expect(rows).toHaveLength(40);
});

test('the file has what was known when the export was ordered, and nothing later', async () => {
  const { download, emulator, finish, time } = await withTask({});
  const before = emulator.records(time.now - 30 * 24 * 3_600_000, time.now);
  time.now += 12 * 3_600_000;
  finish();
  const rows = (await (await download()).text()).trimEnd().split('\r\n').slice(1);
  expect(rows.map((row) => row.split(',')[0])).toEqual(before.map(({ id }) => id));
});

test('a download marks the task as downloaded', async () => {
  const { download, emulator, finish } = await withTask();
  finish();
  expect(emulator.tasks()[0]?.isDownloaded).toBe(false);
  await download();
  expect(emulator.tasks()[0]?.isDownloaded).toBe(true);
});

test('there is no file while the task runs, after it failed and after it expired', async () => {
  const { download, emulator, id, finish } = await withTask();
  expect((await download()).status).toBe(400);
  finish();
  emulator.expireTask(id);
  expect(await (await download()).json()).toMatchObject({ error_msg: expect.stringContaining('EXPIRED') });
  emulator.failTask(id, 'disk full');
  expect(await (await download()).json()).toMatchObject({ error_msg: expect.stringContaining('FAIL') });
  expect(emulator.tasks()[0]?.isDownloaded).toBe(false);
});

test('the task of another project does not exist', async () => {
  const { call, id, finish, origin, time } = await withTask();
  finish();
  const path = `/v2/${OTHER.id}/export-tasks/${id}/download`;
  expect((await call(path, signed(origin + path, { method: 'GET', at: time.now }))).status).toBe(404);
});

test('a task that was never submitted does not exist', async () => {
  const { download } = await withTask();
  const reply = await download('0'.repeat(32));
  expect(reply.status).toBe(404);
  expect(await reply.json()).toMatchObject({ error_code: 'WKS.00211902' });
});

test('a field that is missing is an empty cell, and a cell with a comma, a quote or a line break is quoted', () => {
  const [, row] = loginCsv([{ id: '1', failed_reason: 'a, "b"\nc', public_ip: '192.0.2.1' }]).split('\r\n');
  expect(row).toBe('1,,,,,,,,,"a, ""b""\nc",,,,,,,,,,,,,,192.0.2.1');
});

test('no records are a head and nothing else', () => {
  expect(loginCsv([])).toMatch(/^id,connect_type,[a-z_,]+,public_ip\r\n$/);
});
