import http from 'node:http';
import { expect, test } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { json, login, MINUTE, NOON, PROJECT, runEmulator } from '../running-emulator.ts';

const PATH = '/v3/auth/tokens?nocatalog=true';
type TokenReply = { token: { catalog?: object[] } };
const WRONG = { ...DEMO_ACCOUNT.user, password: 'not-the-password' };

test('a token comes in the header, with its end in six fraction digits and the project it is for', async () => {
  const { call } = await runEmulator();
  const reply = await call(PATH, json(login()));
  expect(reply.status).toBe(201);
  expect(reply.headers.get('x-subject-token')).toMatch(/^MII[\w-]{2997}$/);
  expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  expect(reply.headers.get('date')).toBe(new Date(NOON).toUTCString());
  const { token } = (await reply.json()) as TokenReply;
  expect(token).toMatchObject({
    issued_at: '2026-11-20T12:00:00.000000Z',
    expires_at: '2026-11-21T12:00:00.000000Z',
    methods: ['password'],
    project: DEMO_ACCOUNT.project,
    user: { name: 'login-exporter', password_expires_at: '' },
  });
  expect(token).not.toHaveProperty('catalog');
});

test('a project can be named by its id, and no two tokens are the same', async () => {
  const { call } = await runEmulator();
  const [one, two] = await Promise.all(
    [1, 2].map(() => call(PATH, json(login(DEMO_ACCOUNT.user, { project: { id: PROJECT } })))),
  );
  expect(await one?.json()).toMatchObject({ token: { project: DEMO_ACCOUNT.project } });
  expect(one?.headers.get('x-subject-token')).not.toBe(two?.headers.get('x-subject-token'));
});

test('without nocatalog the catalog comes along and makes the reply large', async () => {
  const { call } = await runEmulator();
  const reply = await call('/v3/auth/tokens', json(login()));
  const { token } = (await reply.json()) as TokenReply;
  expect(token.catalog).toHaveLength(60);
  expect(JSON.stringify(token).length).toBeGreaterThan(10_000);
});

test('a token for the whole account names no project', async () => {
  const { call } = await runEmulator();
  const scope = { domain: { name: DEMO_ACCOUNT.user.domain } };
  const reply = await call(PATH, json(login(DEMO_ACCOUNT.user, scope)));
  const { token } = (await reply.json()) as TokenReply;
  expect(token).toMatchObject({ domain: { name: DEMO_ACCOUNT.user.domain } });
  expect(token).not.toHaveProperty('project');
});

test('a token of 40000 characters is handed out whole and accepted back', async () => {
  const { port, submit } = await runEmulator({ tokenSize: 40_000 });
  const token = await largeToken(port);
  expect(token).toHaveLength(40_000);
  expect((await submit({}, token)).status).toBe(200);
});

test.each([
  ['no JSON', '{"auth":'],
  ['an empty body', ''],
  ['another method of identification', { auth: { identity: { methods: ['totp'] } } }],
  ['no user', { auth: { identity: { methods: ['password'], password: {} } } }],
  ['a password that is no text', login({ ...DEMO_ACCOUNT.user, password: JSON.parse('7') })],
  ['a scope without a name', login(DEMO_ACCOUNT.user, { project: {} })],
])('a body with %s is invalid', async (_, body) => {
  const { call } = await runEmulator();
  const reply = await call(PATH, json(body));
  expect(reply.status).toBe(400);
  expect(await reply.json()).toEqual({
    error: { code: 400, message: 'The request body is invalid', title: 'Bad Request' },
  });
});

test('a body that is not declared as JSON is invalid', async () => {
  const { call } = await runEmulator();
  const reply = await call(PATH, json(login(), { 'content-type': 'text/plain' }));
  expect(reply.status).toBe(400);
});

test('a wrong password and an unknown user get the same answer', async () => {
  const { call } = await runEmulator();
  for (const account of [
    WRONG,
    { ...DEMO_ACCOUNT.user, user: 'nobody' },
    { ...DEMO_ACCOUNT.user, domain: 'x' },
  ]) {
    const reply = await call(PATH, json(login(account)));
    expect(reply.status).toBe(401);
    expect(await reply.json()).toEqual({
      error: { code: 401, message: 'The username or password is wrong.', title: 'Unauthorized' },
    });
  }
});

test('a project that is not theirs is forbidden', async () => {
  const { call } = await runEmulator();
  const reply = await call(PATH, json(login(DEMO_ACCOUNT.user, { project: { name: 'cn-north-4' } })));
  expect(reply.status).toBe(403);
  expect(await reply.json()).toMatchObject({ error: { code: 403, title: 'Forbidden' } });
});

test('five wrong passwords lock the user for 15 minutes, even for the right one', async () => {
  const { call, mint, time } = await runEmulator();
  for (let attempt = 1; attempt <= 5; attempt += 1) await call(PATH, json(login(WRONG)));
  const locked = await call(PATH, json(login()));
  expect(locked.status).toBe(401);
  expect(await locked.json()).toMatchObject({ error: { message: 'The account is locked.' } });
  time.now += 15 * MINUTE - 1;
  expect(await mint()).toBe('no token: 401');
  time.now += 1;
  expect(await mint()).toMatch(/^MII/);
});

test('a right password before the lock starts the count anew', async () => {
  const { call, mint } = await runEmulator({ wrongPasswordsBeforeLock: 2 });
  await call(PATH, json(login(WRONG)));
  await mint();
  await call(PATH, json(login(WRONG)));
  expect(await mint()).toMatch(/^MII/);
});

// The built-in fetch rejects replies with headers above 16 KB.
function largeToken(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { port, path: PATH, method: 'POST', maxHeaderSize: 64 * 1024 };
    const request = http.request(
      { ...options, headers: { 'content-type': 'application/json' } },
      (response) => {
        response.resume();
        resolve(String(response.headers['x-subject-token']));
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify(login()));
  });
}
