import { describe, expect, it } from 'vitest';
import { durationWords, notableOffset, TOLERANCE_SECONDS } from '../../../lib/domain/time/clock-offset.ts';

describe('an offset', () => {
  it.each([0, 1, -1, 300, -300])('of %d s is not worth reporting', (seconds) => {
    expect(notableOffset(seconds)).toBeUndefined();
  });

  it.each([301, -301, 3_456_000])('of %d s is', (seconds) => {
    expect(notableOffset(seconds)).toBe(seconds);
  });

  it('is five minutes: a Date has whole seconds, and a slow answer some more', () => {
    expect(TOLERANCE_SECONDS).toBe(300);
  });
});

it.each([
  [0, '0 min 0 s'],
  [59, '0 min 59 s'],
  [301, '5 min 1 s'],
  [450, '7 min 30 s'],
  [3_599, '59 min 59 s'],
  [3_600, '1 h 0 min'],
  [7_500, '2 h 5 min'],
  [86_399, '23 h 59 min'],
  [86_400, '1 d 0 h'],
  [40 * 86_400 + 3_599, '40 d 0 h'],
  [33 * 86_400 + 3_600, '33 d 1 h'],
])('%d s are %s', (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});
