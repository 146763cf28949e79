import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { parseHttpDate } from '../../../lib/huawei/http/http-date.ts';
import { retryAfterMilliseconds } from '../../../lib/huawei/http/retry-after.ts';

const now = Temporal.Instant.from('2026-11-23T00:00:00Z');

it.each([
  ['7', 7000],
  ['0', 0],
  ['1.5', 1500],
  [' 2 ', 2000],
  ['Mon, 23 Nov 2026 00:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 23:59:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['1e3', undefined],
  ['9'.repeat(400), undefined],
  ['Mon, 23 Nov 2026 00:00:30', undefined],
  ['', undefined],
  [undefined, undefined],
])('a Retry-After of %j is a wait of %j ms', (header, milliseconds) => {
  expect(retryAfterMilliseconds({ 'retry-after': header }, now)).toBe(milliseconds);
});

it('a Retry-After date is a time of the clock that wrote the reply, not of ours', () => {
  const headers = { 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT', date: 'Tue, 24 Nov 2026 12:00:00 GMT' };
  expect(retryAfterMilliseconds(headers, now)).toBe(30_000);
});

it.each(['Mon, 23 Nov 2026 00:00:00 GMT', ' Mon, 23 Nov 2026 00:00:00 GMT '])('%j is a date', (text) => {
  expect(parseHttpDate(text)?.equals(now)).toBe(true);
});

it.each([
  'Tue, 31 Feb 2026 00:00:00 GMT',
  'Tue, 23 Nov 2026 00:00:00 GMT',
  '2026-11-23T00:00:00Z',
  '1.5',
  '',
])('%j is none', (text) => {
  expect(parseHttpDate(text)).toBeUndefined();
});
