import { expect, test } from 'vitest';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import type { SeenRequest } from '../../lib/emulator/server/request-log.ts';
import { EXPORT_PATH, json, login, NOON, runEmulator, signedExport, TASKS_PATH } from './running-emulator.ts';

test('a changed password ends the tokens of that user and no other', async () => {
  const other = { domain: 'demo-company', user: 'other', password: 'fake-other' };
  const { call, emulator, mint, submit } = await runEmulator({ users: [DEMO_ACCOUNT.user, other] });
  const token = await mint();
  const theirs = await call('/v3/auth/tokens?nocatalog=1', json(login(other)));
  emulator.setPassword({ ...DEMO_ACCOUNT.user, password: 'fake-rotated' });
  expect((await submit({}, token)).status).toBe(401);
  expect((await submit({}, theirs.headers.get('x-subject-token') ?? '')).status).toBe(200);
  expect(await mint()).toBe('no token: 401');
  const account = { ...DEMO_ACCOUNT.user, password: 'fake-rotated' };
  expect((await call('/v3/auth/tokens', json(login(account)))).status).toBe(201);
});

test('replaced access keys work, and the old ones no longer', async () => {
  const { call, emulator, origin } = await runEmulator();
  const key = { accessKeyId: 'FAKEROTATED', secretAccessKey: 'fake-rotated' };
  emulator.setAccessKeys([key]);
  expect((await call(EXPORT_PATH, signedExport(origin, { key }))).status).toBe(200);
  expect((await call(EXPORT_PATH, signedExport(origin))).status).toBe(401);
});

test('tasks can be failed, expired and marked as downloaded by hand', async () => {
  const { emulator, mint, submit } = await runEmulator();
  const token = await mint();
  for (let n = 0; n < 3; n += 1) await submit({}, token);
  const [failed = '', expired = '', downloaded = ''] = emulator.tasks().map(({ id }) => id);
  emulator.failTask(failed, 'no');
  emulator.expireTask(expired);
  emulator.markDownloaded(downloaded);
  expect(emulator.tasks()).toMatchObject([
    { status: 'FAIL', failReason: 'no', endedAt: NOON },
    { status: 'EXPIRED' },
    { status: 'CREATING', isDownloaded: true },
  ]);
  expect(() => emulator.expireTask('x')).toThrow('No export task has the id "x".');
});

test('its users, keys and projects are those it was given, and there is no demo account', async () => {
  const { call, origin, mint } = await runEmulator({
    users: [],
    accessKeys: [{ accessKeyId: 'FAKEOWN', secretAccessKey: 'fake-own' }],
    projects: [{ id: 'own', name: 'cn-north-4' }],
  });
  expect(await mint()).toBe('no token: 401');
  expect((await call(EXPORT_PATH, signedExport(origin))).status).toBe(401);
});

test('records that were given are the ones that are exported', async () => {
  const start = '2026-11-20T01:00:00Z';
  const { call, emulator, mint, submit } = await runEmulator({
    records: [{ id: 'one', start_time: start }],
    taskCreatingSeconds: 0,
  });
  const token = await mint();
  const { task_id: id } = (await (await submit({}, token)).json()) as { task_id: string };
  const file = await call(`${TASKS_PATH}/${id}/download`, { headers: { 'x-auth-token': token } });
  expect(await file.text()).toContain('\r\none,');
  expect(emulator.records(NOON - 86_400_000, NOON)).toEqual([{ id: 'one', start_time: start }]);
});

test('with the real clock a signed call and a task work as well', async () => {
  const { call, emulator, origin } = await runEmulator({ clock: Date.now });
  expect((await call(EXPORT_PATH, signedExport(origin, { at: Date.now() }))).status).toBe(200);
  expect(Math.abs(Date.now() - (emulator.tasks()[0]?.createdAt ?? 0))).toBeLessThan(60_000);
});

test('an invalid scenario is rejected at once', async () => {
  const steps = JSON.parse('[{"on":"export","effect":{"type":"explode"}}]');
  await expect(runEmulator({ scenario: { steps } })).rejects.toThrow('steps[0].effect.type');
  const { emulator } = await runEmulator();
  expect(() => emulator.setScenario({ steps })).toThrow('steps[0].effect.type');
});

test('onRequest gets each request of the log, in order', async () => {
  const watched: SeenRequest[] = [];
  const { emulator, mint, submit } = await runEmulator({ onRequest: (request) => watched.push(request) });
  await submit({ secret: 'x' }, await mint());
  expect(watched).toMatchObject([
    {
      at: NOON,
      method: 'POST',
      path: '/v3/auth/tokens',
      query: { nocatalog: 'true' },
      kind: 'token',
      status: 201,
    },
    { method: 'POST', path: EXPORT_PATH, query: {}, kind: 'export', status: 400, note: 'unknown: secret' },
  ]);
  expect(emulator.requests()).toEqual(watched);
});
