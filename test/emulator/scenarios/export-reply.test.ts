import { expect, test } from 'vitest';
import { runWithSteps } from '../injected-steps.ts';
import { runEmulator, TASKS_PATH } from '../running-emulator.ts';

const reply = (effect: object) => ({ on: 'export', effect: { type: 'export_reply', ...effect } }) as const;

test.each([200, 201, 202, 203, 206] as const)(
  'an accepted export may be answered with %i',
  async (status) => {
    const { emulator, submit } = await runWithSteps(reply({ status }));
    const answered = await submit();
    expect(answered.status).toBe(status);
    expect(await answered.json()).toEqual({ task_id: emulator.tasks()[0]?.id });
  },
);

test('the answer may name another task id, or an error beside the task', async () => {
  const { emulator, submit } = await runWithSteps(
    reply({ task_id: '  ' }),
    reply({ status: 202, error_code: 'WKS.1' }),
  );
  const [blank, both] = [await submit(), await submit()];
  expect(await blank.json()).toEqual({ task_id: '  ' });
  expect(await both.json()).toEqual({
    task_id: emulator.tasks()[1]?.id,
    error_code: 'WKS.1',
    error_msg: expect.any(String),
  });
  expect(emulator.tasks()).toHaveLength(2);
});

test.each([300, 1_000_000])(
  'a task may have an id of %i characters, by which it is found',
  async (length) => {
    const { call, emulator, submit, token } = await runWithSteps(reply({ task_id_length: length }));
    const { task_id: id } = (await (await submit()).json()) as { task_id: string };
    expect(id).toHaveLength(length);
    expect(emulator.tasks().map((task) => task.id)).toEqual([id]);
    const listed = await call(TASKS_PATH, { headers: { 'x-auth-token': token } });
    expect(await listed.json()).toMatchObject({ count: 1, export_tasks: [{ task_id: id }] });
  },
);

test('the reply to a rejected export does not change', async () => {
  const { emulator, submit } = await runEmulator({ scenario: { steps: [reply({ status: 202 })] } });
  expect((await submit({}, 'no token')).status).toBe(401);
  expect(emulator.tasks()).toEqual([]);
});
