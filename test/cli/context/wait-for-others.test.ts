import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { createWaitForOthers } from '../../../lib/cli/context/local-run.ts';

const NOW = Temporal.Instant.from('2026-11-23T00:35:00Z');
// It looks again after five seconds; what takes less on a busy machine has not waited.
const A_WAIT = 4_900;
const never = new AbortController().signal;

function setUp() {
  const said: string[] = [];
  const waitForOthers = createWaitForOthers((text) => void said.push(text));
  return { said, waitForOthers };
}

it('it waits until the lease is over, and says until when once', async () => {
  const { said, waitForOthers } = setUp();
  const began = performance.now();
  const held = { windows: 1, now: NOW, until: NOW.add({ milliseconds: 60 }) };
  await waitForOthers(held, never);
  await waitForOthers(held, never);
  expect(performance.now() - began).toBeGreaterThan(115);
  expect(said).toEqual([
    '  · 1 window leased by another run: waiting until 2026-11-23T00:35:00Z at the latest',
  ]);
});

it('it does not wait when the lease is over already', async () => {
  const began = performance.now();
  await setUp().waitForOthers({ windows: 2, now: NOW, until: NOW.subtract({ hours: 1 }) }, never);
  expect(performance.now() - began).toBeLessThan(A_WAIT);
});

it('it waits no longer when somebody wants it to stop', async () => {
  const stop = new AbortController();
  const began = performance.now();
  const waiting = setUp().waitForOthers({ windows: 2, now: NOW, until: NOW.add({ hours: 1 }) }, stop.signal);
  stop.abort();
  await waiting;
  expect(performance.now() - began).toBeLessThan(A_WAIT);
});
