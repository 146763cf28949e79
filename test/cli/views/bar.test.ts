import { describe, expect, it } from 'vitest';
import { barLine } from '../../../lib/cli/views/progress.ts';

const HALF = { done: 360, total: 720, at: '2026-11-08T00:00:00Z' };

describe('the bar', () => {
  it('says how far the work is, where it is, and how long it will take', () => {
    expect(barLine({ ...HALF, secondsLeft: 90 }, 79)).toBe(
      '[###############---------------] 360/720 50%  2026-11-08T00:00:00Z  2 min left',
    );
  });

  it.each([
    [0, '0 s left'],
    [0.2, '1 s left'],
    [59, '59 s left'],
    [60, '1 min left'],
    [61, '2 min left'],
    [3 * 3600 + 60, '3 h 1 min left'],
  ])('with %d seconds to go says %s', (secondsLeft, words) => {
    expect(barLine({ done: 1, total: 2, secondsLeft }, 79)).toContain(words);
  });

  it('leaves out what a narrow terminal has no room for, and never is wider than it', () => {
    const extent = { ...HALF, secondsLeft: 90 };
    const at = (columns: number) => barLine(extent, columns);
    expect(at(45)).toMatch(/^\[#+-+\] 360\/720 50% {2}2026-11-08T00:00:00Z$/);
    expect(at(30)).toMatch(/^\[#+-+\] 360\/720 50%$/);
    expect(at(12)).toBe('360/720 50%');
    for (let columns = 0; columns <= 120; columns += 1)
      expect(at(columns).length).toBeLessThanOrEqual(columns);
  });

  it('says 100% only when all is done', () => {
    expect(barLine({ done: 719, total: 720 }, 79)).toContain('719/720 99%');
    expect(barLine({ done: 720, total: 720 }, 79)).toContain('720/720 100%');
  });
});
