import { expect, test } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import type { EmulatorOptions } from '../../../lib/emulator/options.ts';
import { authorization } from '../../../lib/huawei/auth/signer.ts';
import {
  compact,
  EXPORT_PATH,
  MINUTE,
  NOON,
  runEmulator,
  signed,
  signedExport,
  TASKS_PATH,
} from '../running-emulator.ts';

const { accessKey } = DEMO_ACCOUNT;
const WRONG_KEY = { ...accessKey, secretAccessKey: 'another-secret' };
const TEMPORARY = { ...accessKey, securityToken: 'fake-security-token' };
const MISMATCH = 'Incorrect IAM authentication information: verify aksk signature fail';

async function run(options: EmulatorOptions = {}) {
  const running = await runEmulator(options);
  const submit = (init: RequestInit) => running.call(EXPORT_PATH, init);
  const messageOf = async (init: RequestInit) => {
    const reply = await submit(init);
    const { error_code: code, error_msg: message } = (await reply.json()) as Record<string, string>;
    return `${reply.status} ${code} ${message}`;
  };
  return { ...running, submit, messageOf };
}

test('a signed call is let through, and the task says whose key it was', async () => {
  const { emulator, origin, submit } = await run();
  expect((await submit(signedExport(origin))).status).toBe(200);
  expect(emulator.tasks()[0]?.createdBy).toEqual({ kind: 'access_key', accessKeyId: accessKey.accessKeyId });
});

test('a query is part of what is signed, in whatever order it is sent', async () => {
  const { call, origin } = await run();
  const init = signed(`${origin}${TASKS_PATH}?limit=5&offset=0&file_name=a%20b%2A`, { method: 'GET' });
  expect((await call(`${TASKS_PATH}?offset=0&file_name=a%20b*&limit=5`, init)).status).toBe(200);
  expect((await call(`${TASKS_PATH}?offset=1&file_name=a%20b*&limit=5`, init)).status).toBe(401);
});

test('a body of other bytes, a header changed on the way and a wrong secret do not verify', async () => {
  const { origin, messageOf } = await run();
  const good = signedExport(origin);
  const changed = {
    ...good,
    headers: { ...good.headers, 'content-type': 'application/json; charset=utf-8' },
  };
  const spaced = { ...good, body: '{ }' };
  for (const init of [spaced, changed, signedExport(origin, { key: WRONG_KEY })])
    expect(await messageOf(init)).toBe(`401 APIGW.0301 ${MISMATCH}`);
});

test('a header that is not signed may be anything', async () => {
  const { origin, submit } = await run();
  const good = signedExport(origin);
  expect((await submit({ ...good, headers: { ...good.headers, 'user-agent': 'other' } })).status).toBe(200);
});

test('every header that a signature lists must arrive, even an empty one', async () => {
  const { origin, messageOf, submit } = await run();
  const { headers, ...rest } = signedExport(origin, { headers: { 'x-extra': '' } });
  const { 'x-extra': _, ...fewer } = headers as Record<string, string>;
  expect((await submit({ ...rest, headers: headers ?? {} })).status).toBe(200);
  expect(await messageOf({ ...rest, headers: fewer })).toBe(`401 APIGW.0301 ${MISMATCH}`);
});

test('a signature must cover its date', async () => {
  const { origin, messageOf } = await run();
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', url: new URL(origin + EXPORT_PATH), headers, body: '{}' };
  const undated = { 'x-sdk-date': compact(NOON), authorization: authorization(request, accessKey) };
  expect(await messageOf({ method: 'POST', headers: { ...headers, ...undated }, body: '{}' })).toBe(
    `401 APIGW.0301 ${MISMATCH}`,
  );
});

test('an authorization that cannot be read is rejected', async () => {
  const { origin, messageOf } = await run();
  const { headers, ...rest } = signedExport(origin);
  const broken = { ...headers, authorization: 'SDK-HMAC-SHA256 Access=, SignedHeaders=x' };
  expect(await messageOf({ ...rest, headers: broken })).toBe(`401 APIGW.0301 ${MISMATCH}`);
});

test('a hash of the body that is sent along must be true, or say that the body is not signed', async () => {
  const { origin, submit, messageOf } = await run();
  const claim = (hash: string) => signedExport(origin, { headers: { 'x-sdk-content-sha256': hash } });
  expect(await messageOf(claim('00'.repeat(32)))).toBe(`401 APIGW.0301 ${MISMATCH}`);
  expect((await submit(claim('UNSIGNED-PAYLOAD'))).status).toBe(200);
});

test('a date up to 15 minutes off is taken, one beyond names both times', async () => {
  const { origin, submit, messageOf } = await run();
  for (const minutes of [-15, 15])
    expect((await submit(signedExport(origin, { at: NOON + minutes * MINUTE }))).status).toBe(200);
  expect(await messageOf(signedExport(origin, { at: NOON - 15 * MINUTE - 1000 }))).toBe(
    '401 APIGW.0301 Incorrect IAM authentication information: calc aksk signature fail:signature expired, ' +
      'signature time:20261120T114459Z,server time:20261120T120000Z',
  );
  expect(await messageOf(signedExport(origin, { at: NOON + 15 * MINUTE + 1000 }))).toContain(
    'signature time:20261120T121501Z,server time:20261120T120000Z',
  );
});

test.each(['2026', '20261120 120000', ''])('the date "%s" is no date', async (date) => {
  const { origin, messageOf } = await run();
  expect(await messageOf(signedExport(origin, { headers: { 'x-sdk-date': date } }))).toBe(
    `401 APIGW.0301 ${MISMATCH}`,
  );
});

test('a key that the cloud does not know does not exist', async () => {
  const { emulator, origin, messageOf } = await run();
  emulator.setAccessKeys([]);
  expect(await messageOf(signedExport(origin))).toBe(
    `401 APIGW.0301 Incorrect IAM authentication information: ak ${accessKey.accessKeyId} not exist`,
  );
});

test('more than five wrong signatures in a row block the key for five minutes', async () => {
  const { origin, submit, messageOf, time } = await run();
  const fail = async (count: number) => {
    for (let n = 0; n < count; n += 1) await submit(signedExport(origin, { key: WRONG_KEY }));
  };
  for (let n = 0; n < 2; n += 1) {
    await fail(5);
    expect((await submit(signedExport(origin))).status).toBe(200);
  }
  await fail(6);
  expect(await messageOf(signedExport(origin))).toBe(
    '401 APIGW.0301 Incorrect IAM authentication information: AK access failed to reach the limit,forbidden',
  );
  time.now += 5 * MINUTE - 1;
  expect((await submit(signedExport(origin))).status).toBe(401);
  time.now += 1;
  expect((await submit(signedExport(origin))).status).toBe(200);
});

test('a temporary key needs its security token with every call', async () => {
  const { origin, submit, messageOf } = await run({ accessKeys: [TEMPORARY] });
  const withToken = (token: string) => signedExport(origin, { headers: { 'x-security-token': token } });
  expect((await submit(withToken('fake-security-token'))).status).toBe(200);
  expect(await messageOf(withToken('another'))).toBe(`401 APIGW.0301 ${MISMATCH}`);
  expect(await messageOf(signedExport(origin))).toBe(`401 APIGW.0301 ${MISMATCH}`);
});

test('a path with a broken percent sign is rejected and breaks nothing', async () => {
  const { call, origin } = await run();
  const path = '/v1/%zz/session/user-connection/export';
  const init = { ...signedExport(origin), method: 'POST' };
  expect((await call(path, init)).status).toBe(401);
  expect((await call(EXPORT_PATH, signedExport(origin))).status).toBe(200);
});

test.each([
  ['a permanent key with a token', accessKey, 'fake-foreign-token', true],
  ['a permanent key with a token that is not signed', accessKey, 'fake-foreign-token', false],
  ['a permanent key with an empty token', accessKey, '', true],
  ['a temporary key with the token of another', TEMPORARY, 'fake-foreign-token', true],
  ['a temporary key without its token', TEMPORARY, undefined, false],
] as const)('%s does not verify', async (_, key, token, isTokenSigned) => {
  const { origin, messageOf } = await run({ accessKeys: [key] });
  const sent = token === undefined ? {} : { 'x-security-token': token };
  const { headers, ...init } = signedExport(origin, { key, headers: isTokenSigned ? sent : {} });
  expect(await messageOf({ ...init, headers: { ...headers, ...sent } })).toBe(`401 APIGW.0301 ${MISMATCH}`);
});
