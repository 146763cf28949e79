import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import {
  InterruptedError,
  MalformedReplyError,
  RefusedError,
  UnavailableError,
} from '../../../lib/domain/errors.ts';
import { claimed, failed, submitted } from '../../../lib/exports/window/transitions.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { FULL_FAILURE, numberedRow, taskMessage, windowRow } from '../../support/ledger/window-rows.ts';

const now = Temporal.Instant.from('2026-11-24T09:00:00Z');
const target = targetAt('http://127.0.0.1:9', { id: 'acme-prod' });
const trigger = { kind: 'command', scheduled_time: '2026-11-24T09:00:00Z' } as const;

it('a window that is taken up again keeps its first reason, trigger and attempt', () => {
  const first = windowRow(
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

it('an export for alerts keeps its number from claim to claim, because its row is named by it', () => {
  const { window, alertExport } = numberedRow(17);
  if (!alertExport) throw new Error('without a number');
  const claim = claimed(undefined, { target, window, reason: 'alert', trigger, alertExport }, now);
  const kept = submitted(claim, taskMessage(), now);
  expect([claim, kept, claimed(kept, { target, window, reason: 'alert', trigger }, now)]).toMatchObject([
    { alertExport },
    { alertExport },
    { alertExport },
  ]);
});

it('a lease is six minutes from the claim, and six more from the answer', () => {
  const { window } = windowRow();
  const claim = claimed(undefined, { target, window, reason: 'routine', trigger }, now);
  const later = now.add({ minutes: 5 });
  const leases = [claim, submitted(claim, taskMessage(), later)].map(
    (row) => 'leaseUntil' in row && row.leaseUntil.toString(),
  );
  expect(leases).toEqual(['2026-11-24T09:06:00Z', '2026-11-24T09:11:00Z']);
});

it.each([
  ['failed at Huawei', 'task_failed', 3, 0],
  ['may have been accepted, though nobody read the answer', 'interrupted', 2, 1],
  ['was answered with something else than a task', 'malformed_reply', 2, 1],
  ['was refused', 'refused', 2, 0],
  ['did not get through', 'unavailable', 2, 0],
])('an order that %s is followed as befits it', (_, kind, attempt, orphans) => {
  const first = windowRow({ attempt: 2 }, { state: 'failed', failure: { ...FULL_FAILURE, kind } });
  const again = claimed(first, { target, window: first.window, reason: 'routine', trigger }, now);
  expect(again).toMatchObject({ attempt, orphans });
});

it('an order whose run died may have left a task, and is no other attempt', () => {
  const first = windowRow({ attempt: 2, orphans: 1 });
  const again = claimed(first, { target, window: first.window, reason: 'routine', trigger }, now);
  expect(again).toMatchObject({ attempt: 2, orphans: 2 });
});

it.each([
  ['whose run was stopped', new InterruptedError('Stopped.'), 1],
  ['whose answer nobody could read', new MalformedReplyError('No task_id.'), 1],
  ['whose answer was lost', new UnavailableError('Cut.', { reason: 'unreachable', mayHaveArrived: true }), 1],
  ['that did not get through', new UnavailableError('Refused.', { reason: 'unreachable' }), 0],
  ['that was refused', new RefusedError('Forbidden.'), 0],
])(
  'an order for alerts %s counts the task that it may have left at once, because it is not taken up again',
  (_, error, orphans) => {
    const { window, alertExport } = numberedRow(17);
    if (!alertExport) throw new Error('without a number');
    const claim = claimed(undefined, { target, window, reason: 'alert', trigger, alertExport }, now);
    expect(failed(claim, error, now)).toMatchObject({ state: 'failed', orphans });
    const { alertExport: _alertExport, ...ofNight } = claim;
    expect(failed(ofNight, error, now)).toMatchObject({ state: 'failed', orphans: 0 });
  },
);
