import { expect, test } from 'vitest';
import { EXPORT_PATH, json, runEmulator, TASKS_PATH } from '../running-emulator.ts';

test('a path that no call has is an API that is not published here', async () => {
  const { call } = await runEmulator();
  for (const path of [
    '/',
    '/v1/p/session/app-connection',
    '/v3/projects/x',
    `${EXPORT_PATH}/`,
    `/v9${TASKS_PATH}`,
  ]) {
    const reply = await call(path, json({}));
    expect(reply.status).toBe(404);
    expect(await reply.json()).toEqual({
      error_code: 'APIGW.0101',
      error_msg: 'The API does not exist or has not been published in the environment.',
      request_id: reply.headers.get('x-request-id'),
    });
  }
});

test('a wrong method is not allowed, and the right one is named', async () => {
  const { call } = await runEmulator();
  const exported = await call(EXPORT_PATH);
  expect([exported.status, exported.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await exported.json()).toEqual({ error_code: 'WKS.00000405', error_msg: 'Method not allowed.' });
  const listed = await call(TASKS_PATH, { method: 'DELETE' });
  expect([listed.status, listed.headers.get('allow')]).toEqual([405, 'GET']);
});

test('IAM says in its own shape that a method is not allowed', async () => {
  const { call } = await runEmulator();
  for (const reply of [await call('/v3/auth/tokens'), await call('/v3/projects', { method: 'DELETE' })]) {
    expect(reply.status).toBe(405);
    expect(await reply.json()).toMatchObject({ error: { code: 405, title: 'Method Not Allowed' } });
  }
});
