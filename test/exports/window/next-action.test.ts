import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { entryOf, type WindowRow } from '../../../lib/domain/ledger/window-row.ts';
import { nextActionOf as actionOf } from '../../../lib/exports/window/next-action.ts';
import { FULL_FAILURE, taskMessage, windowRow } from '../../support/ledger/window-rows.ts';

const leaseUntil = Temporal.Instant.from('2026-11-23T00:41:00Z');
const before = leaseUntil.subtract({ nanoseconds: 1 });
const message = taskMessage();

const claimed = windowRow({}, { state: 'claimed', leaseUntil });
const submitted = windowRow({}, { state: 'submitted', leaseUntil, message });
const published = windowRow({}, { state: 'published', message, publishedAt: before });
const failed = windowRow({}, { state: 'failed', failure: FULL_FAILURE });

const nextActionOf = (row: WindowRow, now: Temporal.Instant) => actionOf(entryOf(row), now, 5);

describe('what a run may do with a window', () => {
  it.each([
    ['failed', failed, 'submit'],
    ['is published', published, 'rest'],
  ])('that %s does not depend on the time', (_, row, may) => {
    expect([nextActionOf(row, before).may, nextActionOf(row, leaseUntil).may]).toEqual([may, may]);
  });

  it.each([
    ['claimed', claimed, 'submit'],
    ['submitted', submitted, 'publish'],
  ])('that is %s changes at the very end of the lease', (_, row, may) => {
    expect(nextActionOf(row, before)).toEqual({ may: 'wait', until: leaseUntil });
    expect(nextActionOf(row, leaseUntil).may).toBe(may);
  });
});
