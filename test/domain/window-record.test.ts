import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { entryOf, filtersDigest, keyOf } from '../../lib/domain/window-record.ts';
import { FULL_FAILURE, WINDOW_STATES, windowKey, windowRecord } from '../support/window-records.ts';

const leaseUntil = Temporal.Instant.from('2026-11-23T00:40:00Z');
const failureKind = 'unavailable';

describe('a record as a listing shows it', () => {
  it.each([
    ['claimed', { leaseUntil: Temporal.Instant.from('2026-11-23T00:40:00.123456789Z') }],
    ['submitted', { leaseUntil, taskId: 'task-1' }],
    ['submitted, once failed', { leaseUntil, taskId: 'task-1', failureKind }],
    ['announced', { taskId: 'task-1' }],
    ['confirmed', { taskId: 'task-1' }],
    ['failed', { failureKind }],
    ['lost', {}],
    ['lost, once failed', { failureKind }],
  ])('has of one that is %s what its state has, and no more', (name, particulars) => {
    const record = windowRecord({ attempt: 3, orphans: 2, reason: 'catch-up' }, WINDOW_STATES[name]);
    expect(entryOf(record)).toEqual({
      ...windowKey(),
      state: record.state,
      reason: 'catch-up',
      attempt: 3,
      orphans: 2,
      ...particulars,
    });
  });

  it('bears the name under which it is found', () => {
    const filters = { user_name: 'someone' };
    expect(keyOf(windowRecord({ filters }))).toEqual(windowKey({ filters }));
    const failed = windowRecord({ filters }, { state: 'failed', failure: FULL_FAILURE });
    expect(entryOf(failed).filtersDigest).toBe(filtersDigest(filters));
  });
});

describe('the short name of filters', () => {
  it('does not go by the order in which they were written', () => {
    expect(filtersDigest({ vm_ip: 'b', user_name: 'a' })).toBe(filtersDigest({ user_name: 'a', vm_ip: 'b' }));
  });

  it('stays the same from release to release, or every row in the ledgers would be lost sight of', () => {
    expect(filtersDigest({})).toBe('4f53cda18c2baa0c');
    expect(filtersDigest({ user_name: 'a', vm_ip: 'b' })).toBe('490d0140ca3fbbbd');
  });

  it('tells a name from a value, and two filters from one', () => {
    const all = [{}, { user_name: 'a' }, { user_name: 'b' }, { vm_ip: 'a' }, { user_name: 'a', vm_ip: 'b' }];
    expect(new Set(all.map(filtersDigest)).size).toBe(all.length);
  });
});
