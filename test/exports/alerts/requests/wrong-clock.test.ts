import type { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SCOPE } from '../../../../lib/domain/alerts/alert-rule.ts';
import { ClockError } from '../../../../lib/domain/errors.ts';
import { exportForAlerts } from '../../../../lib/exports/alerts/alert-run.ts';
import { readAlertEvent } from '../../../../lib/exports/alerts/events/event.ts';
import { alertingTarget } from '../../../support/alerts/alerting-target.ts';
import { changed } from '../../../support/alerts/sample-events.ts';

const rules = [{ ...DEFAULT_SCOPE, id: 'all', match: {}, targets: ['acme'], filters: false }];
const never = new AbortController().signal;

/** A finding that was seen at 09:50 and reported at 09:55. */
const FINDING = Object.entries({
  'detail.service.eventFirstSeen': '2026-11-22T09:50:00Z',
  'detail.service.eventLastSeen': '2026-11-22T09:50:00Z',
  time: '2026-11-22T09:55:00Z',
}).reduce(
  (event, [path, value]) => changed(event, path, value),
  changed('guardduty-iam-user', 'version', '0'),
);

/** It comes at 10:00, to a machine whose clock is off by so much. */
async function arrives(off: Temporal.DurationLike) {
  const target = await alertingTarget();
  const ownClock = () => target.clock().add(off);
  const { alerts } = readAlertEvent(FINDING, { arrivedAt: ownClock() });
  const input = { alerts, rules, targets: [target.target], arrivedAt: ownClock() };
  const { targets } = await exportForAlerts({ ...target.ports, ownClock }, input, never);
  return { ...target, targets };
}

describe('an alert that comes to a machine whose clock is', () => {
  it.each([
    ['right', { seconds: 0 }],
    ['two hours behind', { hours: -2 }],
    ['a day behind', { hours: -24 }],
    ['40 days behind', { hours: -24 * 40 }],
    ['20 minutes ahead', { minutes: 20 }],
    ['40 days ahead', { hours: 24 * 40 }],
  ])('%s is exported up to Huawei’s now, and its rest when that is due by Huawei’s clock', async (_, off) => {
    const { targets, published, sweep, pass } = await arrives(off);
    expect(await published()).toEqual(['07:50/10:00 all']);
    expect(targets).toMatchObject([
      { published: 1, lost: [], open_requests: [{ due_at: '2026-11-22T11:00:00Z' }] },
    ]);
    pass({ hours: 1 });
    await sweep();
    expect(await published()).toEqual(['07:50/10:00 all', '09:30/10:20 all']);
  });
});

it('an alert is kept where nobody knows the time at Huawei, and exported by the sweep that does', async () => {
  const target = await alertingTarget();
  const { alerts } = readAlertEvent(FINDING, { arrivedAt: target.clock() });
  const input = { alerts, rules, targets: [target.target], arrivedAt: target.clock() };
  const error = new ClockError('nobody knows');
  const unknown = {
    ...target.ports,
    openClocks: () => () => Promise.resolve({ state: 'unknown' as const, error }),
  };
  const { targets } = await exportForAlerts(unknown, input, never);
  expect(targets).toMatchObject([{ published: 0, failed: [{ kind: 'clock' }], open_requests: [{}] }]);
  expect(await target.published()).toEqual([]);
  await target.sweep();
  expect(await target.published()).toEqual(['07:50/10:00 all']);
});
