import { expect, test } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { EXPORT_PATH, json, login, runEmulator, signedOrder, TASKS_PATH } from '../running-emulator.ts';

test('nothing that was seen or kept holds a password, a token, a key or a signature', async () => {
  const { call, emulator, mint, order, origin } = await runEmulator();
  const token = await mint();
  const init = signedOrder(origin);
  const { authorization = '' } = init.headers as Record<string, string>;
  await order({}, token);
  await call(EXPORT_PATH, init);
  await call(`${TASKS_PATH}?X-Auth-Token=${token}&limit=3`);
  await call('/v3/auth/tokens', json(login({ ...DEMO_ACCOUNT.user, password: 'fake-mistyped' })));
  const told = JSON.stringify([emulator.requests(), emulator.tasks()]);
  for (const secret of [token, authorization.slice(-64), 'fake-mistyped', DEMO_ACCOUNT.user.password])
    expect(told).not.toContain(secret);
  expect(emulator.requests()[3]?.query).toEqual({ limit: '3' });
});

test('what a caller sends cannot write on the terminal of who watches', async () => {
  const { emulator, mint, order } = await runEmulator();
  await order({ '\u001b[2J\n': '1', ['x'.repeat(5000)]: '2' }, await mint());
  const note = emulator.requests().at(-1)?.note ?? '';
  expect(note).toMatch(/^unknown: \?\[2J\?, x+$/);
  expect(note.length).toBe(300);
});

test('a very long path is cut short', async () => {
  const { call, emulator } = await runEmulator();
  await call(`/${'x'.repeat(2000)}`);
  expect(emulator.requests()[0]?.path).toHaveLength(300);
});
