import { expect, test } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { json, login, runEmulator } from '../running-emulator.ts';

const OTHER = { id: 'ffffffffffffffffffffffffffffffff', name: 'ap-southeast-1' };

test('a good token is let through, and the task says whose it was', async () => {
  const { emulator, mint, submit } = await runEmulator();
  expect((await submit({}, await mint())).status).toBe(200);
  expect(emulator.tasks()[0]?.createdBy).toEqual({ kind: 'token', user: 'login-exporter' });
});

test('without any credential the header is not found', async () => {
  const { call } = await runEmulator();
  const reply = await call(`/v2/${DEMO_ACCOUNT.project.id}/export-tasks`);
  const body = await reply.json();
  expect(reply.status).toBe(401);
  expect(body).toEqual({
    error_code: 'APIGW.0301',
    error_msg: 'Incorrect IAM authentication information: x-auth-token not found',
    request_id: reply.headers.get('x-request-id'),
  });
});

test('a token that was never issued cannot be decrypted', async () => {
  const { submit } = await runEmulator();
  expect(await (await submit({}, 'MIIinvented')).json()).toMatchObject({
    error_code: 'APIGW.0301',
    error_msg: 'Incorrect IAM authentication information: decrypt token fail',
  });
});

test('an old token has expired, to the millisecond', async () => {
  const { mint, submit, time } = await runEmulator({ tokenLifetimeSeconds: 60 });
  const token = await mint();
  time.now += 59_999;
  expect((await submit({}, token)).status).toBe(200);
  time.now += 1;
  const reply = await submit({}, token);
  expect(reply.status).toBe(401);
  expect(await reply.json()).toMatchObject({
    error_code: 'APIGW.0301',
    error_msg:
      'Incorrect IAM authentication information: token expires, expires_at: 2026-11-20T12:01:00.000000Z',
  });
});

test('a revoked token must be updated, and a new one works', async () => {
  const { emulator, mint, submit } = await runEmulator();
  const token = await mint();
  emulator.revokeTokens();
  const reply = await submit({}, token);
  expect(reply.status).toBe(401);
  expect(await reply.json()).toMatchObject({
    error_code: 'APIGW.0307',
    error_msg: 'The token must be updated.',
  });
  expect((await submit({}, await mint())).status).toBe(200);
});

test('a token of one project or of the whole account does not open another project', async () => {
  const { call, submit } = await runEmulator({ projects: [DEMO_ACCOUNT.project, OTHER] });
  for (const scope of [{ project: { id: OTHER.id } }, { domain: { name: DEMO_ACCOUNT.user.domain } }]) {
    const reply = await call('/v3/auth/tokens?nocatalog=1', json(login(DEMO_ACCOUNT.user, scope)));
    const rejected = await submit({}, reply.headers.get('x-subject-token') ?? '');
    expect(rejected.status).toBe(401);
    expect(await rejected.json()).toMatchObject({ error_code: 'APIGW.0301' });
  }
});
