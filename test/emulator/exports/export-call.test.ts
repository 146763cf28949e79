import { expect, test } from 'vitest';
import { EXPORT_PATH, json, NOON, PROJECT, runEmulator } from '../running-emulator.ts';

test('an accepted export answers with the id of a task, which is created', async () => {
  const { emulator, mint, submit } = await runEmulator();
  const body = { user_name: 'user001@demo-company.example', login_start_time: '2026-11-19T00:00:00Z' };
  const whole = { ...body, login_end_time: '2026-11-20T00:00:00Z' };
  const reply = await submit(whole, await mint());
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toBe('application/json');
  const answer = (await reply.json()) as { task_id: string };
  const id = answer.task_id;
  expect(answer).toEqual({ task_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(emulator.tasks()).toMatchObject([
    {
      id,
      projectId: PROJECT,
      createdAt: NOON,
      status: 'CREATING',
      isDownloaded: false,
      query: { body: whole },
    },
  ]);
});

test('the same call twice makes two tasks: nothing makes it idempotent', async () => {
  const { emulator, mint, submit } = await runEmulator();
  const token = await mint();
  await submit({}, token);
  await submit({}, token);
  expect(new Set(emulator.tasks().map(({ id }) => id)).size).toBe(2);
});

test('a body that is not declared as JSON is an unsupported media type', async () => {
  const { call, emulator, mint } = await runEmulator();
  const headers = { 'x-auth-token': await mint() };
  const reply = await call(EXPORT_PATH, json({}, { ...headers, 'content-type': 'text/json' }));
  expect(reply.status).toBe(415);
  expect(await reply.json()).toMatchObject({ error_code: 'WKS.00000415' });
  expect(emulator.tasks()).toEqual([]);
  const spelled = json({}, { ...headers, 'content-type': 'Application/JSON;charset=utf8' });
  expect((await call(EXPORT_PATH, spelled)).status).toBe(200);
});
