import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { InfrastructureError } from '../../../lib/domain/errors.ts';
import {
  entryOf,
  filtersDigest,
  HIGHEST_NUMBER,
  isOpen,
  keyOf,
  numberedSeries,
  numberOf,
  type WindowRow,
  type WindowState,
} from '../../../lib/domain/ledger/window-row.ts';
import {
  FULL_FAILURE,
  numberedRow,
  WINDOW_STATES,
  windowKey,
  windowRow,
} from '../../support/ledger/window-rows.ts';

const leaseUntil = Temporal.Instant.from('2026-11-23T00:40:00Z');
const failureKind = 'unavailable';
const failedAt = FULL_FAILURE.at;
const publishedAt = Temporal.Instant.from('2026-11-23T00:35:03Z');

describe('a row as a listing shows it', () => {
  it.each([
    ['claimed', { leaseUntil: Temporal.Instant.from('2026-11-23T00:40:00.123456789Z') }],
    ['submitted', { leaseUntil, taskId: 'task-1' }],
    ['submitted, once failed', { leaseUntil, taskId: 'task-1', failureKind, failedAt }],
    ['published', { taskId: 'task-1', publishedAt }],
    ['confirmed', { taskId: 'task-1', publishedAt }],
    ['failed', { failureKind, failedAt }],
    ['lost', {}],
    ['lost, once failed', { failureKind, failedAt }],
  ])('has of one that is %s what its state has, and no more', (name, particulars) => {
    const row = windowRow({ attempt: 3, orphans: 2, reason: 'catch-up' }, WINDOW_STATES[name]);
    expect(entryOf(row)).toEqual({
      ...windowKey(),
      state: row.state,
      reason: 'catch-up',
      attempt: 3,
      orphans: 2,
      ...particulars,
    });
  });

  it('bears the name under which it is found', () => {
    const filters = { user_name: 'someone' };
    expect(keyOf(windowRow({ filters }))).toEqual(windowKey({ filters }));
    const failed = windowRow({ filters }, { state: 'failed', failure: FULL_FAILURE });
    expect(entryOf(failed).filtersDigest).toBe(filtersDigest(filters));
  });
});

describe('a window that a later run must still look at', () => {
  const openOf = (rows: (state: WindowState) => WindowRow) =>
    Object.entries(WINDOW_STATES).flatMap(([name, state]) => (isOpen(rows(state)) ? [name] : []));

  it('is one of the calendar until it is confirmed, lost, or reported as never confirmed', () => {
    expect(openOf((state) => windowRow({}, state))).toEqual([
      'claimed',
      'submitted',
      'submitted, once failed',
      'published',
      'failed',
      'failed without a word from Huawei',
    ]);
  });

  it('is an export for alerts until then, and not once it has failed: a number is tried once', () => {
    expect(openOf((state) => numberedRow(1, {}, state))).toEqual([
      'claimed',
      'submitted',
      'submitted, once failed',
      'published',
    ]);
  });

  it('is one that was published after another failure than that nobody confirmed it', () => {
    const published = WINDOW_STATES['published, and reported as never confirmed'];
    if (published?.state !== 'published') throw new Error('is another state');
    expect(isOpen(windowRow({}, { ...published, failure: FULL_FAILURE }))).toBe(true);
  });
});

describe('an export for alerts', () => {
  it('is named by its number, and listed with when it was ordered', () => {
    const at = Temporal.Instant.from('2026-11-23T00:30:00.5Z');
    const row = numberedRow(17, { alertExport: { number: 17, orderedAt: at } });
    expect(keyOf(row)).toEqual(windowKey({ series: 'alert/00000017' }));
    expect(entryOf(row).orderedAt?.toString()).toBe('2026-11-23T00:30:00.5Z');
  });

  it('has a number of eight digits, from 1', () => {
    expect([1, 9, 10, HIGHEST_NUMBER].map(numberedSeries)).toEqual([
      'alert/00000001',
      'alert/00000009',
      'alert/00000010',
      'alert/99999999',
    ]);
    expect([1, 10, HIGHEST_NUMBER].map((number) => numberOf(numberedSeries(number)))).toEqual([
      1,
      10,
      HIGHEST_NUMBER,
    ]);
  });

  it.each([0, -1, 1.5, HIGHEST_NUMBER + 1, Number.NaN])(
    'cannot have the number %s, and the error says so',
    (number) => {
      expect(() => numberedSeries(number)).toThrow(InfrastructureError);
      expect(() => numberedSeries(number)).toThrow(
        `No export for alerts can have the number ${number}: a target's are counted from 1 to 99999999.`,
      );
    },
  );

  it.each([
    'calendar',
    'alert/2026-11-23T00:35:00.000000000Z',
    'alert/00000000',
    'alert/17',
    'alert/00000017/x',
  ])('has no number in a series such as %s', (series) => expect(numberOf(series)).toBeUndefined());
});

describe('the short name of filters', () => {
  it('does not go by the order in which they were written', () => {
    expect(filtersDigest({ vm_ip: 'b', user_name: 'a' })).toBe(filtersDigest({ user_name: 'a', vm_ip: 'b' }));
  });

  it('stays the same from release to release, or every row in the ledgers would be lost sight of', () => {
    expect(filtersDigest({})).toBe('4f53cda18c2baa0c');
    expect(filtersDigest({ user_name: 'a', vm_ip: 'b' })).toBe('490d0140ca3fbbbd');
  });

  it('distinguishes a name from a value, and two filters from one', () => {
    const all = [{}, { user_name: 'a' }, { user_name: 'b' }, { vm_ip: 'a' }, { user_name: 'a', vm_ip: 'b' }];
    expect(new Set(all.map(filtersDigest)).size).toBe(all.length);
  });
});
