import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { count, hoursWords, timeWords } from '../../../lib/cli/output/format.ts';

it.each([
  ['UTC', '2026-11-23T00:35:00Z'],
  ['Asia/Kathmandu', '2026-11-23T06:20:00+05:45'],
  ['Europe/London', '2026-11-23T00:35:00Z'],
])('a time in %s is one that options take: %s', (zone, words) => {
  expect(timeWords(Temporal.Instant.from('2026-11-23T00:35:00.9Z'), zone)).toBe(words);
});

it.each([
  [0.999, '59 min'],
  [1, '1 h'],
  [47.99, '47.9 h'],
  [71.9, '2.9 days'],
])('%d hours are never said to be more than they are: %s', (hours, words) => {
  expect(hoursWords(hours)).toBe(words);
});

it('one is singular', () => {
  expect([count(1, 'window'), count(2, 'window')]).toEqual(['1 window', '2 windows']);
});
