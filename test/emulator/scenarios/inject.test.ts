import { expect, test } from 'vitest';
import { runWithSteps } from '../injected-steps.ts';
import { EXPORT_PATH, NOON, signedExport } from '../running-emulator.ts';

test('a slow call has done its work before its answer comes', async () => {
  const { emulator, submit } = await runWithSteps({
    on: 'export',
    effect: { type: 'slow', milliseconds: 600 },
  });
  const began = performance.now();
  const pending = submit();
  await expect.poll(() => emulator.tasks(), { interval: 5 }).toHaveLength(1);
  expect(emulator.requests()).toHaveLength(1);
  expect((await pending).status).toBe(200);
  expect(performance.now() - began).toBeGreaterThan(590);
});

test('a connection is cut with or without the task having been created', async () => {
  const { emulator, submit } = await runWithSteps(
    { on: 'export', effect: { type: 'cut', when: 'before' } },
    { on: 'export', effect: { type: 'cut', when: 'after' } },
  );
  await expect(submit()).rejects.toThrow('fetch failed');
  expect(emulator.tasks()).toHaveLength(0);
  await expect(submit()).rejects.toThrow('fetch failed');
  expect(emulator.tasks()).toHaveLength(1);
  expect(emulator.requests().slice(-2)).toMatchObject([{ status: 'cut' }, { status: 'cut' }]);
});

test('a damaged body is no JSON, though the task exists', async () => {
  const { emulator, submit } = await runWithSteps({ on: 'export', effect: { type: 'wrong_json' } });
  const reply = await submit();
  expect(reply.status).toBe(200);
  await expect(reply.json()).rejects.toThrow(SyntaxError);
  expect(emulator.tasks()).toHaveLength(1);
});

test('a 200 may hold an error, or an empty task id, and no task', async () => {
  const { emulator, submit } = await runWithSteps(
    { on: 'export', effect: { type: 'error_code_in_200' } },
    { on: 'export', effect: { type: 'empty_task_id' } },
  );
  const [failed, empty] = [await submit(), await submit()];
  expect([failed.status, empty.status]).toEqual([200, 200]);
  expect(await failed.json()).toMatchObject({ error_code: 'WKS.00211401' });
  expect(await empty.json()).toEqual({ task_id: '' });
  expect(emulator.tasks()).toEqual([]);
});

test('tokens are revoked in the middle of a run, and new ones work', async () => {
  const { mint, submit, list, emulator } = await runWithSteps(
    { on: 'export', times: 2, effect: { type: 'pass' } },
    { on: 'export', effect: { type: 'revoke_tokens' } },
  );
  const statuses = [await submit(), await submit(), await submit(), await submit(), await list()];
  expect(statuses.map(({ status }) => status)).toEqual([200, 200, 401, 401, 401]);
  expect(await statuses[2]?.json()).toMatchObject({ error_code: 'APIGW.0307' });
  const { status } = await fetch(statuses[4]?.url ?? '', { headers: { 'x-auth-token': await mint() } });
  expect(status).toBe(200);
  expect(emulator.tasks()).toHaveLength(2);
});

test('a skewed clock shows in the Date header and rejects signatures, until the scenario ends', async () => {
  const { call, emulator, origin } = await runWithSteps({
    on: 'export',
    effect: { type: 'clock_skew', seconds: -1800 },
  });
  const skewed = await call(EXPORT_PATH, signedExport(origin));
  expect(skewed.status).toBe(401);
  expect(skewed.headers.get('date')).toBe('Fri, 20 Nov 2026 11:30:00 GMT');
  expect(await skewed.json()).toMatchObject({
    error_msg: expect.stringContaining('signature time:20261120T120000Z,server time:20261120T113000Z'),
  });
  expect((await call(EXPORT_PATH, signedExport(origin, { at: NOON - 1_800_000 }))).status).toBe(200);
  emulator.setScenario({ steps: [] });
  expect((await call(EXPORT_PATH, signedExport(origin))).status).toBe(200);
});

test('the wrong host does not have the call', async () => {
  const { submit } = await runWithSteps({ on: 'export', effect: { type: 'wrong_host' } });
  const reply = await submit();
  expect(reply.status).toBe(404);
  expect(await reply.json()).toMatchObject({ error_code: 'APIGW.0101' });
});

test('the next task is accepted and then fails with its reason, and only that one', async () => {
  const { emulator, submit, time } = await runWithSteps({
    on: 'export',
    effect: { type: 'fail_task', reason: 'too many rows', error_code: 'WKS.1' },
  });
  await submit();
  await submit();
  expect(emulator.tasks().map(({ status }) => status)).toEqual(['CREATING', 'CREATING']);
  time.now += 5000;
  expect(emulator.tasks()).toMatchObject([
    { status: 'FAIL', failReason: 'too many rows', errorCode: 'WKS.1' },
    { status: 'SUCCESS' },
  ]);
});
