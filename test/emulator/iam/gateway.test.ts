import { expect, test } from 'vitest';
import { EXPORT_PATH, PROJECT, runEmulator, signed, signedExport } from '../running-emulator.ts';

test('a project that the cloud does not know is unavailable', async () => {
  const { call, origin } = await runEmulator();
  const path = '/v2/00000000000000000000000000000000/export-tasks';
  const reply = await call(path, signed(origin + path, { method: 'GET' }));
  expect(reply.status).toBe(403);
  expect(await reply.json()).toMatchObject({
    error_code: 'APIGW.0310',
    request_id: reply.headers.get('x-request-id'),
  });
});

test('X-Project-Id may be absent, but must be the project of the path', async () => {
  const { call, mint, submit, origin } = await runEmulator();
  const asProject = (id: string) => signedExport(origin, { headers: { 'x-project-id': id } });
  expect((await call(EXPORT_PATH, asProject(PROJECT))).status).toBe(200);
  const reply = await call(EXPORT_PATH, asProject('0'.repeat(32)));
  expect(reply.status).toBe(403);
  expect(await reply.json()).toMatchObject({ error_code: 'APIGW.0306' });
  expect((await submit({}, await mint())).status).toBe(200);
});

test('a signature goes before a token that is sent along', async () => {
  const { call, emulator, origin } = await runEmulator();
  await call(EXPORT_PATH, signedExport(origin, { headers: { 'x-auth-token': 'MIIinvented' } }));
  expect(emulator.tasks()[0]?.createdBy.kind).toBe('access_key');
});
