import { expect, test } from 'vitest';
import { runWithSteps } from '../injected-steps.ts';
import { NOON, runEmulator } from '../running-emulator.ts';

const QUOTA = { exports: 3, per_seconds: 600 };

async function underQuota() {
  const running = await runEmulator({ scenario: { quota: QUOTA } });
  const token = await running.mint();
  const submit = (body: unknown = {}) => running.submit(body, token);
  const orderWith = (another: string) => running.submit({}, another);
  /** How many of so many exports in a row are accepted. */
  const accepted = async (tries: number) => {
    const statuses: number[] = [];
    for (let n = 0; n < tries; n += 1) statuses.push((await submit()).status);
    return statuses.filter((status) => status === 200).length;
  };
  const waitUntil = (second: number) => {
    running.time.now = NOON + second * 1000;
  };
  return { ...running, token, submit, orderWith, accepted, waitUntil };
}

test('the last export of the quota passes, and one more is throttled until the oldest is out of the span', async () => {
  const { accepted, emulator, submit, waitUntil } = await underQuota();
  expect(await accepted(1)).toBe(1);
  waitUntil(100.5);
  expect(await accepted(2)).toBe(2);
  waitUntil(200);
  const reply = await submit();
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '400']);
  expect(await reply.json()).toEqual({
    error_code: 'APIGW.0308',
    error_msg:
      'The throttling threshold has been reached: policy user over ratelimit,limit:3,time:600 second',
    request_id: reply.headers.get('x-request-id'),
  });
  expect(emulator.tasks()).toHaveLength(3);
  expect(emulator.requests().at(-1)?.note).toBe(
    'over the quota of 3 exports in 600 seconds; the next is free in 400',
  );
});

test('the span slides: each export is free again so many seconds after it was accepted, and no sooner', async () => {
  const { accepted, submit, waitUntil } = await underQuota();
  await accepted(1);
  waitUntil(100);
  await accepted(2);
  waitUntil(599.999);
  expect((await submit()).headers.get('retry-after')).toBe('1');
  waitUntil(600);
  expect(await accepted(3)).toBe(1);
  expect((await submit()).headers.get('retry-after')).toBe('100');
  waitUntil(700);
  expect(await accepted(3)).toBe(2);
});

test('who waits as long as Retry-After says gets the next export', async () => {
  const { accepted, submit, time } = await underQuota();
  await accepted(3);
  time.now += 200_400;
  const seconds = Number((await submit()).headers.get('retry-after'));
  time.now += seconds * 1000;
  expect((await submit()).status).toBe(200);
});

test('only accepted exports count, and only exports are rejected', async () => {
  const { accepted, call, mint, submit, token } = await underQuota();
  for (let n = 0; n < 5; n += 1) expect((await submit({ nonsense: 'x' })).status).toBe(400);
  expect(await accepted(5)).toBe(3);
  const list = await call('/v2/2b31ed520de0a0e0aebedb6e57de0000/export-tasks', {
    headers: { 'x-auth-token': token },
  });
  expect(list.status).toBe(200);
  expect(await mint()).toMatch(/^MII/);
});

test('a caller without a good credential hears of that, and not of the quota', async () => {
  const { accepted, orderWith } = await underQuota();
  await accepted(3);
  expect((await orderWith('MIIinvented')).status).toBe(401);
});

test('an export whose answer was cut off counts, and an export that a step rejected does not', async () => {
  const { emulator, submit } = await runWithSteps();
  emulator.setScenario({
    quota: { exports: 1, per_seconds: 60 },
    steps: [
      { on: 'export', effect: { type: 'status', status: 503 } },
      { on: 'export', effect: { type: 'cut', when: 'after' } },
    ],
  });
  expect((await submit()).status).toBe(503);
  await expect(submit()).rejects.toThrow();
  expect((await submit()).status).toBe(429);
});

test('another scenario counts from 0, and a scenario without a quota rejects no export', async () => {
  const { accepted, emulator } = await underQuota();
  expect(await accepted(4)).toBe(3);
  emulator.setScenario({ quota: QUOTA });
  expect(await accepted(4)).toBe(3);
  emulator.setScenario({ steps: [] });
  expect(await accepted(10)).toBe(10);
});

test('after the clock was set back, exports of later times do not count', async () => {
  const { accepted, waitUntil } = await underQuota();
  waitUntil(3600);
  await accepted(3);
  waitUntil(0);
  expect(await accepted(4)).toBe(3);
});
