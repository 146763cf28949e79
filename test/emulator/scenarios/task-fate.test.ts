import { expect, test } from 'vitest';
import { meet } from '../meeting-steps.ts';
import { MINUTE } from '../running-emulator.ts';

/** How the first task stands so many minutes after its creation, and the second, which nothing was in store for. */
async function statesAfter(minutes: readonly number[], effect: Parameters<typeof meet>[0]['effect']) {
  const { emulator, order, time } = await meet({ on: 'export', effect });
  await order();
  await order();
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
