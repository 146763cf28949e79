import { expect, test } from 'vitest';
import {
  EXPORT_PATH,
  json,
  login,
  NOON,
  runEmulator,
  signedExport,
  TASKS_PATH,
} from '../running-emulator.ts';

const at = (time: number) => new Date(time).toUTCString();
const TWO_HOURS = 7_200_000;

test('each host sends the Date header of the scenario, and the others the right one', async () => {
  const { call, submit, mint } = await runEmulator({ scenario: { dates: { export: 7200, iam: -86_400 } } });
  const exported = await submit({}, await mint());
  const minted = await call('/v3/auth/tokens', json(login()));
  const listed = await call(TASKS_PATH);
  expect([exported.status, minted.status, listed.status]).toEqual([200, 201, 401]);
  expect([exported, minted, listed].map(({ headers }) => headers.get('date'))).toEqual([
    at(NOON + TWO_HOURS),
    at(NOON - 86_400_000),
    at(NOON),
  ]);
});

test('a host may say no date, or one that is none', async () => {
  const { call, emulator } = await runEmulator({ scenario: { dates: { tasks: 'none', iam: 'yesterday' } } });
  const dates = async () =>
    [await call(TASKS_PATH), await call('/v3/auth/tokens', json(login()))].map(({ headers }) =>
      headers.get('date'),
    );
  expect(await dates()).toEqual([null, 'yesterday']);
  emulator.setScenario({});
  expect(await dates()).toEqual([at(NOON), at(NOON)]);
});

test('a host whose date is off counts from it where it says until when to wait', async () => {
  const { submit } = await runEmulator({
    scenario: {
      dates: { export: 7200 },
      steps: [{ on: 'export', effect: { type: 'throttle', retry_after: 9, retry_after_form: 'http_date' } }],
    },
  });
  expect((await submit({})).headers.get('retry-after')).toBe(at(NOON + TWO_HOURS + 9000));
});

test('a signature of another time is rejected with both times, with or without a Date header', async () => {
  const { call, emulator, origin } = await runEmulator();
  const late = () => call(EXPORT_PATH, signedExport(origin, { at: NOON - 3_600_000 }));
  const text =
    'Incorrect IAM authentication information: calc aksk signature fail:signature expired, signature time:20261120T110000Z,server time:20261120T120000Z';
  expect(await (await late()).json()).toMatchObject({ error_code: 'APIGW.0301', error_msg: text });
  emulator.setScenario({ dates: { export: 'none' } });
  const reply = await late();
  expect([reply.status, reply.headers.get('date')]).toEqual([401, null]);
  expect(await reply.json()).toMatchObject({ error_msg: text });
});

test('hosts of their own have their own calls alone, and their own dates', async () => {
  const { emulator, mintAt, origins } = await separateHosts();
  emulator.setScenario({ dates: { iam: 7200, export: -7200 } });
  const headers = { 'x-auth-token': await mintAt(origins.iam) };
  const statusOf = async (url: string, init: RequestInit) => {
    const reply = await fetch(url, init);
    return [reply.status, reply.headers.get('date')];
  };
  const request = json({}, headers);
  expect(new Set(Object.values(origins)).size).toBe(3);
  expect([
    await statusOf(origins.export + EXPORT_PATH, request),
    await statusOf(origins.tasks + TASKS_PATH, { headers }),
    await statusOf(origins.export + TASKS_PATH, { headers }),
    await statusOf(origins.iam + TASKS_PATH, { headers }),
    await statusOf(origins.tasks + EXPORT_PATH, request),
  ]).toEqual([
    [200, at(NOON - TWO_HOURS)],
    [200, at(NOON)],
    [404, at(NOON - TWO_HOURS)],
    [404, at(NOON + TWO_HOURS)],
    [404, at(NOON)],
  ]);
  expect(emulator.requests().map(({ host }) => host)).toEqual([
    'iam',
    'export',
    'tasks',
    'export',
    'iam',
    'tasks',
  ]);
});

test('a step may be about one host, whatever is called there', async () => {
  const { emulator, mintAt, origins } = await separateHosts();
  const headers = { 'x-auth-token': await mintAt(origins.iam) };
  const effect = { type: 'status', status: 503 } as const;
  emulator.setScenario({ steps: [{ on: 'any', host: 'export', times: 'always', effect }] });
  const statusOf = async (url: string, init: RequestInit) => (await fetch(url, init)).status;
  expect([
    await statusOf(origins.export + EXPORT_PATH, json({}, headers)),
    await statusOf(origins.export + TASKS_PATH, {}),
    await statusOf(origins.tasks + TASKS_PATH, { headers }),
    await statusOf(origins.iam + TASKS_PATH, {}),
  ]).toEqual([503, 503, 200, 404]);
});

test('on a single port, a step about a host is about its calls', async () => {
  const { call, mint, submit } = await runEmulator({
    scenario: {
      steps: [{ on: 'any', host: 'tasks', times: 'always', effect: { type: 'status', status: 503 } }],
    },
  });
  expect((await submit({}, await mint())).status).toBe(200);
  expect((await call(TASKS_PATH)).status).toBe(503);
});

test('hosts of their own come back on the ports that they had', async () => {
  const { emulator, mintAt, origins } = await separateHosts();
  await emulator.close();
  await expect(mintAt(origins.iam)).rejects.toThrow('fetch failed');
  expect((await emulator.listen()).origins).toEqual(origins);
  expect(await mintAt(origins.iam)).toMatch(/^MII/);
});

test('the watchers hear who calls', async () => {
  const { call, emulator } = await runEmulator();
  await call(TASKS_PATH, { headers: { 'user-agent': 'somebody/1.0' } });
  expect(emulator.requests()).toMatchObject([{ host: 'tasks', userAgent: 'somebody/1.0' }]);
});

async function separateHosts() {
  const running = await runEmulator({ separateHosts: true });
  const mintAt = async (origin: string) => {
    const reply = await fetch(`${origin}/v3/auth/tokens`, json(login()));
    return reply.headers.get('x-subject-token') ?? '';
  };
  return { ...running, mintAt };
}
