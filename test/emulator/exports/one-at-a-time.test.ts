import { expect, test } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { json, login, MINUTE, runEmulator } from '../running-emulator.ts';

const PROJECTS = [DEMO_ACCOUNT.project, { id: 'b'.repeat(32), name: 'cn-north-4' }];

test.each([409, 400, 408, 423, 425] as const)(
  'an export gets a %i while another runs, and passes after it',
  async (status) => {
    const { emulator, mint, submit, time } = await runEmulator({ scenario: { one_at_a_time: { status } } });
    const token = await mint();
    const statuses = [await submit({}, token), await submit({}, token)];
    time.now += MINUTE;
    statuses.push(await submit({}, token), await submit({}, token));
    expect(statuses.map((reply) => reply.status)).toEqual([200, status, 200, status]);
    expect(await statuses[1]?.json()).toMatchObject({ error_code: expect.stringMatching(/^WKS/) });
    expect(emulator.tasks()).toHaveLength(2);
  },
);

test('a task that failed runs no more, and the projects of others do not count', async () => {
  const { call, emulator, mint, submit } = await runEmulator({
    projects: PROJECTS,
    scenario: { one_at_a_time: {} },
  });
  const token = await mint();
  await submit({}, token);
  const minted = await call('/v3/auth/tokens', json(login(undefined, { project: { name: 'cn-north-4' } })));
  const headers = { 'x-auth-token': minted.headers.get('x-subject-token') ?? '' };
  const elsewhere = await call(`/v1/${'b'.repeat(32)}/session/user-connection/export`, json({}, headers));
  expect(elsewhere.status).toBe(200);
  expect((await submit({}, token)).status).toBe(409);
  emulator.failTask(emulator.tasks()[0]?.id ?? '', 'no');
  expect((await submit({}, token)).status).toBe(200);
});

test('the scenario ends it', async () => {
  const { emulator, mint, submit } = await runEmulator({ scenario: { one_at_a_time: {} } });
  const token = await mint();
  await submit({}, token);
  emulator.setScenario({});
  expect((await submit({}, token)).status).toBe(200);
});
