import { expect, test } from 'vitest';
import { DAY, json, NOON, RECORDS_PATH, runEmulator, TASKS_PATH } from '../running-emulator.ts';

type Reply = { count: number; items: Record<string, string>[] };

async function run(options: Parameters<typeof runEmulator>[0] = {}) {
  const running = await runEmulator({ taskCreatingSeconds: 0, ...options });
  const headers = { 'x-auth-token': await running.mint() };
  const ask = (body: unknown, query = '') => running.call(RECORDS_PATH + query, json(body, headers));
  return {
    ...running,
    ask,
    list: async (body: unknown, query = '') => (await (await ask(body, query)).json()) as Reply,
    /** The ids of the records in the file of an export with this `body`. */
    exported: async (body: unknown) => {
      const submitted = await running.submit(body, headers['x-auth-token']);
      const { task_id: id } = (await submitted.json()) as { task_id: string };
      const file = await running.call(`${TASKS_PATH}/${id}/download`, { headers });
      return (await file.text())
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((row) => row.split(',')[0]);
    },
  };
}

const WEEK = {
  login_start_time: '2026-11-13T00:00:00Z',
  login_end_time: '2026-11-20T00:00:00Z',
};

test.each([
  {},
  WEEK,
  { ...WEEK, client_type: 'Mac' },
  { ...WEEK, user_name: 'user003@demo-company.example', connect_type: '2' },
  { ...WEEK, user_name: 'nobody' },
])('the pages of %j hold what its export holds, and count says how much', async (body) => {
  const { exported, list } = await run();
  const { count } = await list(body, '?limit=1');
  const pages = Array.from({ length: Math.ceil(count / 100) }, (_, page) => page * 100);
  const items = await Promise.all(
    pages.map(async (offset) => (await list(body, `?limit=100&offset=${offset}`)).items),
  );
  const ids = await exported(body);
  expect(items.flat().map(({ id }) => id)).toEqual(ids);
  expect(count).toBe(ids.length);
});

test('a page has ten records unless the query says otherwise, and none beyond the last', async () => {
  const { list } = await run();
  const { count, items } = await list(WEEK);
  expect(count).toBe(280);
  expect(items).toHaveLength(10);
  expect((await list(WEEK, '?limit=3&offset=278')).items).toHaveLength(2);
  expect(await list(WEEK, '?offset=280')).toEqual({ count: 280, items: [] });
});

test('a record that comes late is counted once it has', async () => {
  const start = new Date(NOON + 1).toISOString();
  const { list, time } = await run({ records: [{ id: 'late', start_time: start }] });
  expect((await list({})).count).toBe(0);
  time.now += 1;
  expect(await list({})).toEqual({ count: 1, items: [{ id: 'late', start_time: start }] });
});

test.each(['?limit=0', '?limit=101', '?limit=ten', '?offset=-1', '?limit=1.5', '?limit='])(
  'the query %s is invalid',
  async (query) => {
    const { ask } = await run();
    const reply = await ask({}, query);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error_code: 'WKS.00211102' });
  },
);

test('a query that the export call rejects is rejected here too', async () => {
  const { ask, call } = await run();
  const old = new Date(NOON - 31 * DAY).toISOString();
  const faulty: [unknown, string][] = [
    ['', 'Request message is empty.'],
    [{ user_names: 'x' }, 'unknown: user_names'],
    [{ login_start_time: WEEK.login_start_time }, 'both or neither'],
    [{ login_start_time: '2026-11-13T00:00:00', login_end_time: WEEK.login_end_time }, 'has no zone'],
    [{ login_start_time: old, login_end_time: WEEK.login_end_time }, 'more than 30 days ago'],
  ];
  for (const [body, words] of faulty) {
    const reply = await ask(body);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error_msg: expect.stringContaining(words) });
  }
  expect((await call(RECORDS_PATH, { method: 'POST', body: '{}' })).status).toBe(401);
});

test('the body must be JSON by its type, and the method is POST', async () => {
  const { call, mint } = await run();
  const headers = { 'x-auth-token': await mint() };
  expect((await call(RECORDS_PATH, { method: 'POST', headers, body: '{}' })).status).toBe(415);
  expect((await call(RECORDS_PATH, { headers })).status).toBe(405);
});

test('a scenario may be about it', async () => {
  const { ask, submit } = await run({
    scenario: { steps: [{ on: 'records', effect: { type: 'forbidden' } }] },
  });
  expect((await submit({})).status).toBe(401);
  expect(await (await ask({})).json()).toMatchObject({
    error_msg: 'access denied: the identity policy does not allow workspace:session:listUserConnection',
  });
});
