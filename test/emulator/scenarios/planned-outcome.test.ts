import { expect, test } from 'vitest';
import { runWithSteps } from '../injected-steps.ts';
import { MINUTE } from '../running-emulator.ts';

/** The states of two tasks, so many minutes after their creation. The effect is for the first task alone. */
async function statesAfter(minutes: readonly number[], effect: Parameters<typeof runWithSteps>[0]['effect']) {
  const { emulator, submit, time } = await runWithSteps({ on: 'export', effect });
  await submit();
  await submit();
  const createdAt = time.now;
  return minutes.map((passed) => {
    time.now = createdAt + passed * MINUTE;
    return emulator.tasks().map(({ status }) => status);
  });
}

test('a task can fail late, and is CREATING until then', async () => {
  expect(
    await statesAfter([1, 59, 60], { type: 'fail_task', reason: 'too many rows', after_seconds: 3600 }),
  ).toEqual([
    ['CREATING', 'SUCCESS'],
    ['CREATING', 'SUCCESS'],
    ['FAIL', 'SUCCESS'],
  ]);
});

test('a task can expire earlier than others', async () => {
  expect(await statesAfter([0, 1, 60], { type: 'expire_task', after_seconds: 3600 })).toEqual([
    ['CREATING', 'CREATING'],
    ['SUCCESS', 'SUCCESS'],
    ['EXPIRED', 'SUCCESS'],
  ]);
});

test('a task can take long', async () => {
  expect(await statesAfter([0, 1439, 1440], { type: 'slow_task', seconds: 86_400 })).toEqual([
    ['CREATING', 'CREATING'],
    ['CREATING', 'SUCCESS'],
    ['SUCCESS', 'SUCCESS'],
  ]);
});
