import { expect, test } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { DAY, json, login, runEmulator, signed } from '../running-emulator.ts';

const PROJECTS = [
  { id: 'a'.repeat(32), name: 'ap-southeast-3' },
  { id: 'b'.repeat(32), name: 'cn-north-4' },
];

async function run() {
  const running = await runEmulator({ projects: PROJECTS });
  const ask = (query: string, changes: object = {}) => {
    const path = `/v3/projects${query}`;
    return running.call(path, signed(running.origin + path, { method: 'GET', ...changes }));
  };
  const idsOf = async (reply: Response) => {
    const { projects } = (await reply.json()) as { projects: { id: string }[] };
    return projects.map(({ id }) => id);
  };
  return { ...running, ask, idsOf };
}

test('a region has its project, by name', async () => {
  const { ask } = await run();
  const reply = await ask('?name=cn-north-4');
  expect(reply.status).toBe(200);
  expect(await reply.json()).toEqual({
    projects: [
      {
        id: 'b'.repeat(32),
        name: 'cn-north-4',
        domain_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        parent_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        is_domain: false,
        enabled: true,
        description: '',
        links: { self: expect.stringContaining('b'.repeat(32)) },
      },
    ],
    links: { next: null, previous: null, self: expect.stringContaining('/v3/projects') },
  });
});

test('without a name there are all, and for another region none', async () => {
  const { ask, idsOf } = await run();
  expect(await idsOf(await ask(''))).toEqual(PROJECTS.map(({ id }) => id));
  expect(await idsOf(await ask('?name=eu-west-101'))).toEqual([]);
});

test('a token does, whatever its scope, unless it is over', async () => {
  const { call, idsOf, time } = await run();
  const minted = await call('/v3/auth/tokens', json(login(DEMO_ACCOUNT.user, {})));
  const headers = { 'x-auth-token': minted.headers.get('x-subject-token') ?? '' };
  expect(await idsOf(await call('/v3/projects?name=cn-north-4', { headers }))).toEqual(['b'.repeat(32)]);
  time.now += DAY;
  expect((await call('/v3/projects', { headers })).status).toBe(401);
});

test('all other callers are rejected, in the shape of IAM', async () => {
  const { ask, call, emulator } = await run();
  const wrong = { ...DEMO_ACCOUNT.accessKey, secretAccessKey: 'fake-wrong' };
  for (const reply of [await call('/v3/projects'), await ask('', { key: wrong })]) {
    expect(reply.status).toBe(401);
    expect(await reply.json()).toEqual({
      error: {
        code: 401,
        message: 'The request you have made requires authentication.',
        title: 'Unauthorized',
      },
    });
  }
  expect(emulator.requests().map(({ note }) => note)).toEqual([
    expect.stringContaining('x-auth-token not found'),
    'another key, or the request was changed after it was signed',
  ]);
});

test('a scenario may be about it, in the shape of IAM', async () => {
  const { ask, emulator } = await run();
  const on = 'projects';
  emulator.setScenario({
    steps: [
      { on, effect: { type: 'status', status: 503 } },
      { on, effect: { type: 'throttle' } },
      { on, effect: { type: 'forbidden' } },
    ],
  });
  const replies = [await ask(''), await ask(''), await ask('')];
  expect(replies.map(({ status }) => status)).toEqual([503, 429, 403]);
  expect(await replies[1]?.json()).toMatchObject({ error_code: 'IAM.0012' });
  expect(await replies[2]?.json()).toMatchObject({ error: { code: 403 } });
});
