import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { WindowRecord } from '../../../lib/domain/window-record.ts';
import { entryOf } from '../../../lib/domain/window-record.ts';
import { standingOf as standing } from '../../../lib/exports/window/standing.ts';
import { FULL_FAILURE, taskMessage, windowRecord } from '../../support/window-records.ts';

const leaseUntil = Temporal.Instant.from('2026-11-23T00:41:00Z');
const before = leaseUntil.subtract({ nanoseconds: 1 });
const message = taskMessage();

const claimed = windowRecord({}, { state: 'claimed', leaseUntil });
const submitted = windowRecord({}, { state: 'submitted', leaseUntil, message });
const announced = windowRecord({}, { state: 'announced', message, announcedAt: before });
const failed = windowRecord({}, { state: 'failed', failure: FULL_FAILURE });

const standingOf = (record: WindowRecord, now: Temporal.Instant) => standing(entryOf(record), now, 5);

describe('what a run may do with a window', () => {
  it.each([
    ['failed', failed, 'submit'],
    ['is announced', announced, 'rest'],
  ])('that %s does not depend on the time', (_, record, may) => {
    expect([standingOf(record, before).may, standingOf(record, leaseUntil).may]).toEqual([may, may]);
  });

  it.each([
    ['claimed', claimed, 'submit'],
    ['submitted', submitted, 'announce'],
  ])('that is %s changes at the very end of the lease', (_, record, may) => {
    expect(standingOf(record, before)).toEqual({ may: 'wait', until: leaseUntil });
    expect(standingOf(record, leaseUntil).may).toBe(may);
  });
});
