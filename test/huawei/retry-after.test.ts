import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { retryAfterMilliseconds } from '../../lib/huawei/retry-after.ts';

const now = Temporal.Instant.from('2026-11-23T00:00:00Z');

it.each([
  ['7', 7000],
  ['0', 0],
  ['Mon, 23 Nov 2026 00:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 23:59:00 GMT', 0],
  ['soon', undefined],
  ['1.5', undefined],
  ['-5', undefined],
  ['Mon, 23 Nov 2026 00:00:30', undefined],
  ['', undefined],
  [undefined, undefined],
])('a Retry-After of %j is a wait of %j ms', (header, milliseconds) => {
  expect(retryAfterMilliseconds(header, now)).toBe(milliseconds);
});
