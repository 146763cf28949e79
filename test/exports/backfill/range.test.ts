import { describe, expect, it } from 'vitest';
import { InputError } from '../../../lib/domain/errors.ts';
import { backfillRange } from '../../../lib/exports/backfill/range.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { at, short } from '../running-target.ts';

const NOW = at('2026-11-23T00:35:00Z');

function rangeOf(window: Record<string, string>, from: string, to: string) {
  const target = targetAt('http://127.0.0.1:1', { window });
  const { due, notDue } = backfillRange(target, { start: at(from), end: at(to) }, NOW);
  return [short(due), ...(notDue ? [short(notDue.span), notDue.dueAt.toString()] : [])];
}

describe('the range of a backfill', () => {
  it.each([
    ['days as they are', { every: 'P1D' }, '2026-11-20T00:00:00Z 2026-11-22T00:00:00Z', '11-20/11-22'],
    ['a moment', { every: 'P1D' }, '2026-11-20T10:00:00Z 2026-11-20T10:00:00.000000001Z', '11-20/11-21'],
    [
      'quarters that it reaches into',
      { every: 'PT15M' },
      '2026-11-20T10:01:00+08:00 2026-11-20T10:16:00+08:00',
      '11-20T02:00/11-20T02:30',
    ],
    [
      'the day of 25 hours on which clocks go back',
      { every: 'P1D', time_zone: 'Europe/Berlin' },
      '2026-10-25T10:00:00Z 2026-10-25T11:00:00Z',
      '10-24T22:00/10-25T23:00',
    ],
    [
      'the short last window of such a day',
      { every: 'PT2H', time_zone: 'Europe/Berlin' },
      '2026-10-25T22:30:00Z 2026-10-25T23:00:00Z',
      '10-25T22:00/10-25T23:00',
    ],
    [
      'the newest window that is due',
      { every: 'PT1H', delay: 'PT35M' },
      '2026-11-22T23:59:00Z 2026-11-23T00:00:00Z',
      '11-22T23:00/11-23',
    ],
  ])('is widened to whole windows: %s', (_, window, asked, range) => {
    const [from = '', to = ''] = asked.split(' ');
    expect(rangeOf(window, from, to)).toEqual([range]);
  });

  it('ends where the newest due window does, and says what is left out and when that is due', () => {
    const asked = ['2026-11-21T00:00:00Z', '2026-11-23T12:00:00Z'] as const;
    expect(rangeOf({}, ...asked)).toEqual(['11-21/11-23', '11-23/11-24', '2026-11-24T00:30:00Z']);
    expect(rangeOf({ every: 'PT1H', delay: 'PT35M' }, ...asked)).toEqual([
      '11-21/11-23',
      '11-23/11-23T12:00',
      '2026-11-23T01:35:00Z',
    ]);
  });

  it.each([
    ['2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z', '--to', 'must be after --from'],
    ['2026-11-22T00:00:00Z', '2026-11-21T00:00:00Z', '--to', 'must be after --from'],
    ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z', '--from', 'must be before 2026-11-23T00:00:00Z'],
    ['2027-11-23T00:00:00Z', '2027-11-24T00:00:00Z', '--from', 'must be before 2026-11-23T00:00:00Z'],
  ])('from %s to %s is wrong input, and it says what would be right', (from, to, path, message) => {
    const issues = expect.arrayContaining([{ path, message: expect.stringContaining(message) }]);
    expect(() => rangeOf({}, from, to)).toThrow(InputError);
    expect(() => rangeOf({}, from, to)).toThrow(expect.objectContaining({ issues }));
  });
});
