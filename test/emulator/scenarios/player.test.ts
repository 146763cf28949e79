import { expect, test } from 'vitest';
import { runWithSteps } from '../injected-steps.ts';
import { EXPORT_PATH, MINUTE } from '../running-emulator.ts';

test('a call without a step is an ordinary one, and a step is used up by its number of calls', async () => {
  const { list, submit } = await runWithSteps({
    on: 'export',
    times: 2,
    effect: { type: 'status', status: 503 },
  });
  expect((await list()).status).toBe(200);
  const replies = [await submit(), await submit(), await submit()];
  expect(replies.map(({ status }) => status)).toEqual([503, 503, 200]);
});

test('steps come in their order; "pass" leaves calls alone and "always" never ends', async () => {
  const { list, submit } = await runWithSteps(
    { on: 'export', times: 1, effect: { type: 'pass' } },
    { on: 'any', times: 1, effect: { type: 'status', status: 500 } },
    { on: 'export', times: 'always', effect: { type: 'status', status: 502 } },
  );
  const statuses = [await submit(), await submit(), await list(), await submit(), await submit()];
  expect(statuses.map(({ status }) => status)).toEqual([200, 500, 200, 502, 502]);
});

test('a call that never reaches the API uses up no step', async () => {
  const { call, submit } = await runWithSteps({ on: 'any', effect: { type: 'status', status: 500 } });
  await call('/nowhere');
  await call(EXPORT_PATH);
  expect((await submit()).status).toBe(500);
});

test('a step with a time is there for the calls within it, and its end is not', async () => {
  const { list, submit, time } = await runWithSteps({
    on: 'tasks',
    times: 'always',
    from: 'PT10M',
    to: 'PT1H',
    effect: { type: 'status', status: 503 },
  });
  const statuses: number[] = [];
  for (const minutes of [0, 10, 49, 1]) {
    time.now += minutes * MINUTE;
    statuses.push((await list()).status);
  }
  expect(statuses).toEqual([200, 503, 503, 200]);
  expect((await submit()).status).toBe(200);
});

test('a clock that a scenario sets wrong does not move the times of its steps', async () => {
  const { list, submit } = await runWithSteps(
    { on: 'export', effect: { type: 'clock_skew', seconds: 7200 } },
    { on: 'tasks', to: 'PT1H', effect: { type: 'status', status: 503 } },
  );
  await submit();
  expect((await list()).status).toBe(503);
});
