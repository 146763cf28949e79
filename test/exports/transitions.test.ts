import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { claimed, submitted } from '../../lib/exports/transitions.ts';
import { targetAt } from '../support/huawei.ts';
import { FULL_FAILURE, taskMessage, windowRecord } from '../support/window-records.ts';

const now = Temporal.Instant.from('2026-11-24T09:00:00Z');
const target = targetAt('http://127.0.0.1:9', { id: 'acme-prod' });
const trigger = { kind: 'command', scheduled_time: '2026-11-24T09:00:00Z' } as const;

it('a window that is taken up again keeps its first reason, trigger and attempt', () => {
  const first = windowRecord(
    { reason: 'backfill', attempt: 3, version: 4 },
    { state: 'failed', failure: FULL_FAILURE },
  );
  const again = claimed(first, { target, window: first.window, reason: 'routine', trigger }, now);
  expect(again).toMatchObject({
    reason: 'backfill',
    trigger: first.trigger,
    attempt: 3,
    state: 'claimed',
    version: 5,
  });
  expect(again).not.toHaveProperty('failure');
});

it('a lease is six minutes from the claim, and six more from the answer', () => {
  const { window } = windowRecord();
  const claim = claimed(undefined, { target, window, reason: 'routine', trigger }, now);
  const later = now.add({ minutes: 5 });
  const leases = [claim, submitted(claim, taskMessage(), later)].map(
    (record) => 'leaseUntil' in record && record.leaseUntil.toString(),
  );
  expect(leases).toEqual(['2026-11-24T09:06:00Z', '2026-11-24T09:11:00Z']);
});
