import { expect, test } from 'vitest';
import { runWithSteps } from '../injected-steps.ts';
import { NOON } from '../running-emulator.ts';

test('throttling may say how many seconds to wait, until when, or nothing', async () => {
  const { emulator, submit } = await runWithSteps(
    { on: 'export', effect: { type: 'throttle', retry_after: 7 } },
    { on: 'export', effect: { type: 'throttle', retry_after: 7, retry_after_form: 'http_date' } },
    { on: 'export', effect: { type: 'throttle' } },
  );
  const replies = [await submit(), await submit(), await submit()];
  expect(replies.map(({ status }) => status)).toEqual([429, 429, 429]);
  const until = new Date(NOON + 7000).toUTCString();
  expect(replies.map(({ headers }) => headers.get('retry-after'))).toEqual(['7', until, null]);
  expect(await replies[0]?.json()).toMatchObject({
    error_code: 'APIGW.0308',
    request_id: replies[0]?.headers.get('x-request-id'),
  });
  expect(emulator.tasks()).toEqual([]);
});

test('Retry-After may be nothing to wait for, have passed, be a fraction, or be nonsense, with any status', async () => {
  const effect = { type: 'status', status: 503 } as const;
  const { submit } = await runWithSteps(
    { on: 'export', effect: { ...effect, retry_after: 0 } },
    { on: 'export', effect: { ...effect, retry_after: -60, retry_after_form: 'http_date' } },
    { on: 'export', effect: { type: 'status', status: 409, retry_after: 1.5 } },
    { on: 'export', effect: { type: 'throttle', retry_after: 'soon', retry_after_form: 'http_date' } },
    { on: 'export', effect },
  );
  const replies = [await submit(), await submit(), await submit(), await submit(), await submit()];
  expect(replies.map(({ status }) => status)).toEqual([503, 503, 409, 429, 503]);
  const passed = new Date(NOON - 60_000).toUTCString();
  expect(replies.map(({ headers }) => headers.get('retry-after'))).toEqual([
    '0',
    passed,
    '1.5',
    'soon',
    null,
  ]);
});

test('IAM throttles with a code of its own', async () => {
  const { askToken } = await runWithSteps({ on: 'token', effect: { type: 'throttle', retry_after: 1 } });
  const reply = await askToken();
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '1']);
  expect(await reply.json()).toMatchObject({ error_code: 'IAM.0012' });
});

test.each([
  [400, 'WKS.00211102'],
  [408, 'WKS.00211408'],
  [409, 'WKS.00211409'],
  [423, 'WKS.00211423'],
  [425, 'WKS.00211425'],
  [500, 'WKS.00211401'],
  [502, 'APIGW.0202'],
  [503, 'WKS.00050902'],
  [504, 'APIGW.0203'],
] as const)('a %i comes with the code %s, and from IAM in its own shape', async (status, code) => {
  const { askToken, submit, emulator } = await runWithSteps({
    on: 'any',
    times: 2,
    effect: { type: 'status', status },
  });
  const exported = await submit();
  expect(exported.status).toBe(status);
  expect(await exported.json()).toMatchObject({ error_code: code });
  expect(await (await askToken()).json()).toMatchObject({ error: { code: status } });
  expect(emulator.tasks()).toEqual([]);
});

test('a policy that lacks the action forbids it by name', async () => {
  const { askToken, download, list, submit } = await runWithSteps({
    on: 'any',
    times: 4,
    effect: { type: 'forbidden' },
  });
  const replies = [await submit(), await list(), await download('x'), await askToken()];
  expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  for (const [index, action] of [
    'session:exportUserConnection',
    'tenants:listExportTasks',
    'tenants:exportData',
  ].entries())
    expect(await replies[index]?.json()).toEqual({
      error_code: 'PAP5.0001',
      error_msg: `access denied: the identity policy does not allow workspace:${action}`,
      encoded_authorization_message: expect.stringMatching(/^[\w+/=]+$/),
    });
  expect(await replies[3]?.json()).toMatchObject({ error: { code: 403 } });
});
