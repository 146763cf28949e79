import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { clockFrom } from '../../lib/cli/clock.ts';
import { createScreen } from '../../lib/cli/screen.ts';

const screen = createScreen({ stdout: new PassThrough(), stderr: new PassThrough() }, { json: false });

it('a clock that was set goes on from there', async () => {
  const start = Temporal.Instant.from('2026-11-23T00:35:00Z');
  const clock = clockFrom(start, screen);
  await wait(30);
  const passed = start.until(clock()).total('milliseconds');
  expect(passed).toBeGreaterThanOrEqual(25);
  expect(passed).toBeLessThan(60_000);
});

it('a clock that was not set is the real one', () => {
  expect(Math.abs(clockFrom(undefined, screen)().epochMilliseconds - Date.now())).toBeLessThan(60_000);
});
