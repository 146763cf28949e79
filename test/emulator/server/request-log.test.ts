import { expect, test } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { EXPORT_PATH, json, login, runEmulator, signedExport, TASKS_PATH } from '../running-emulator.ts';

test('no password, token, key or signature is in the log or in a task', async () => {
  const { call, emulator, mint, submit, origin } = await runEmulator();
  const token = await mint();
  const init = signedExport(origin);
  const { authorization = '' } = init.headers as Record<string, string>;
  await submit({}, token);
  await call(EXPORT_PATH, init);
  await call(`${TASKS_PATH}?X-Auth-Token=${token}&limit=3`);
  await call('/v3/auth/tokens', json(login({ ...DEMO_ACCOUNT.user, password: 'fake-mistyped' })));
  const log = JSON.stringify([emulator.requests(), emulator.tasks()]);
  for (const secret of [token, authorization.slice(-64), 'fake-mistyped', DEMO_ACCOUNT.user.password])
    expect(log).not.toContain(secret);
  expect(emulator.requests()[3]?.query).toEqual({ limit: '3' });
});

test('a caller cannot send control characters to the terminal that prints the requests', async () => {
  const { emulator, mint, submit } = await runEmulator();
  await submit({ '\u001b[2J\n': '1', ['x'.repeat(5000)]: '2' }, await mint());
  const note = emulator.requests().at(-1)?.note ?? '';
  expect(note).toMatch(/^unknown: \?\[2J\?, x+$/);
  expect(note.length).toBe(300);
});

test('a very long path is cut short', async () => {
  const { call, emulator } = await runEmulator();
  await call(`/${'x'.repeat(2000)}`);
  expect(emulator.requests()[0]?.path).toHaveLength(300);
});
