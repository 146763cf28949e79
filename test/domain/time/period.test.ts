import { describe, expect, it } from 'vitest';
import { parsePeriod } from '../../../lib/domain/time/duration.ts';

describe('a period', () => {
  it('is a day, or hours or minutes that divide one', () => {
    expect(parsePeriod('P1D')).toEqual({ unit: 'day' });
    expect(parsePeriod('PT6H')).toEqual({ unit: 'minutes', minutes: 360 });
    expect(parsePeriod('PT90M')).toEqual({ unit: 'minutes', minutes: 90 });
    expect(parsePeriod('PT24H')).toEqual({ unit: 'minutes', minutes: 1440 });
  });

  it.each(['PT5H', 'PT7M', 'PT48H', 'P2D', 'PT0H', 'PT1.5H', 'PT1H30M', 'P1W', 'pt1h', '', '1h'])(
    'is not %s',
    (text) => {
      expect(parsePeriod(text)).toBeUndefined();
    },
  );
});
