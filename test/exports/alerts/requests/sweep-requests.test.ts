import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { readableRequests } from '../../../../lib/exports/alerts/requests/rows.ts';
import { alertingTarget } from '../../../support/alerts/alerting-target.ts';

const ADDRESS = { public_ip: '198.51.100.7' };
const SEEN = { from: '08:00', to: '09:00', lastSeen: '08:45', filters: ADDRESS };
const REFUSED = { on: 'export', times: 'always', effect: { type: 'forbidden' } } as const;
const failing = (times: number) =>
  ({ on: 'export', times, effect: { type: 'fail_task', reason: 'out of order' } }) as const;

it('orders a task that failed at Huawei again, as the next attempt, while there are slots', async () => {
  const { serve, sweep, pass, published, messages, emulator, open } = await alertingTarget({
    max_alert_exports: 2,
  });
  await sweep();
  emulator.setScenario({ steps: [failing(2)] });
  await serve(SEEN);
  for (let quarters = 0; quarters < 3; quarters += 1) {
    pass({ minutes: 15 });
    await sweep();
  }
  // The last slot is kept for exports without filters.
  expect(await published()).toEqual(['08:00/09:00 198.51.100.7', '08:00/09:00 all']);
  expect(await open()).toHaveLength(1);
  pass({ hours: 1 });
  await sweep();
  const ofAlerts = (await messages()).filter(({ data }) => data.reason === 'alert');
  expect(ofAlerts.map(({ data }) => data.attempt)).toEqual([1, 1, 3]);
  expect(new Set(ofAlerts.map(({ id }) => id)).size).toBe(3);
  pass({ hours: 1 });
  await sweep();
  expect(await open()).toEqual([]);
});

it('reports once for each max_attempts that every task that was allowed has failed, and orders again when more are', async () => {
  const { serve, sweep, pass, events, published, emulator, target } = await alertingTarget({
    max_attempts: 2,
  });
  await sweep();
  emulator.setScenario({ steps: [failing(2)] });
  await serve(SEEN);
  const quiet = async () => {
    for (let quarters = 0; quarters < 8; quarters += 1) {
      pass({ minutes: 15 });
      await sweep();
    }
  };
  await quiet();
  const reported = () => events.filter(({ type }) => type === 'request_exhausted');
  expect(reported()).toMatchObject([{ alertId: 'finding-1', error: { kind: 'task_failed' } }]);
  expect(await published()).toHaveLength(2);
  target.maxAttempts = 3;
  await quiet();
  expect(reported()).toHaveLength(1);
  expect(await published()).toHaveLength(3);
});

it('goes on with what Huawei refused when it takes exports again, be it hours later', async () => {
  const { serve, sweep, pass, published, emulator, open } = await alertingTarget({ max_alert_exports: 3 });
  emulator.setScenario({ steps: [REFUSED] });
  for (let hour = 0; hour < 10; hour += 1) {
    const filters = { public_ip: `203.0.113.${hour}` };
    const served = await serve({ ...SEEN, id: `finding-${hour}`, filters });
    if (hour === 0) expect(served.results).toMatchObject([{ result: { outcome: 'failed' } }]);
    await sweep();
    pass({ hours: 1 });
  }
  expect(await open()).toHaveLength(10);
  emulator.setScenario({ steps: [] });
  for (let hour = 0; hour < 3; hour += 1) {
    await sweep();
    pass({ hours: 1 });
  }
  expect(await published()).toEqual(['08:00/09:00 all']);
  expect(await open()).toEqual([]);
});

it('exports in a storm of addresses all that they ask for, and keeps nothing open', async () => {
  const { serve, sweep, pass, messages, open } = await alertingTarget({ max_alert_exports: 4 });
  for (let index = 0; index < 300; index += 1) {
    const filters = { public_ip: `203.0.${index % 3}.${index % 100}` };
    const hours = String(11 + (index % 13)).padStart(2, '0');
    await serve({ id: `finding-${index}`, from: '08:00', to: `${hours}:00`, lastSeen: '09:00', filters });
  }
  for (let quarters = 0; quarters < 96; quarters += 1) {
    pass({ minutes: 15 });
    await sweep();
  }
  expect(await open()).toEqual([]);
  const ofAlerts = (await messages()).filter(({ data }) => data.reason === 'alert');
  const unfiltered = ofAlerts.filter(({ data }) => Object.keys(data.request.filters).length === 0);
  expect(
    unfiltered
      .map(({ data }) => data.window.end)
      .sort()
      .at(-1),
  ).toBe('2026-11-22T23:00:00Z');
});

it('closes what nobody confirms after 26 hours, and says so', async () => {
  const { serve, sweep, pass, emulator, events, messages, open } = await alertingTarget();
  emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
  await serve(SEEN);
  pass({ hours: 26 });
  await sweep();
  expect(await open()).toHaveLength(1);
  pass({ minutes: 15 });
  await sweep();
  expect(await open()).toEqual([]);
  const [first] = (await messages()).filter(({ data }) => data.reason === 'alert');
  const reported = events.filter((event) => event.type === 'request_unconfirmed');
  expect(reported.map(({ alertId }) => alertId)).toEqual(['finding-1']);
  expect(reported[0]?.tasks).toContain(first?.data.task_id);
});

it('reports what a request came too late for, and exports the rest', async () => {
  const { serve, sweep, pass, events, published, emulator } = await alertingTarget();
  emulator.setScenario({ steps: [REFUSED] });
  await serve({ from: '2026-10-23T12:00:00Z', to: '2026-10-24T12:00:00Z', filters: ADDRESS });
  pass({ hours: 10 });
  emulator.setScenario({ steps: [] });
  await sweep();
  const lost = events.flatMap((event) => (event.type === 'request_lost' ? [String(event.window.end)] : []));
  expect(lost).toEqual(['2026-10-23T20:05:00Z']);
  expect(await published()).toEqual(['2026-10-23T20:05/2026-10-24T12:00 198.51.100.7']);
});

const LOST = { from: '2026-10-01T00:00:00Z', to: '2026-10-02T00:00:00Z', filters: ADDRESS };

it('leaves a loss in status for a week after its request is closed, and serves others meanwhile', async () => {
  const { serve, sweep, pass, status, published, open, ledger } = await alertingTarget();
  await serve(LOST);
  const lost = [{ start: Temporal.Instant.from(LOST.from), end: Temporal.Instant.from(LOST.to) }];
  expect(await status()).toMatchObject({ open: 0, needed: [], toCome: [], exhausted: [], lost });
  await serve({ ...SEEN, id: 'another' });
  expect(await published()).toEqual(['08:00/09:00 198.51.100.7']);
  pass({ hours: 6 * 24 + 23 });
  await sweep();
  expect(await open()).toEqual([]);
  expect(await status()).toMatchObject({ lost });
  pass({ hours: 1 });
  await sweep();
  expect(await status()).toBeUndefined();
  expect((await ledger.listOpen('acme')).requests).toEqual([]);
});

it('shows no loss any more of a request that is opened again', async () => {
  const { serve, ledger, clock, open, time } = await alertingTarget();
  await serve(LOST);
  const [lost] = readableRequests(await ledger.listOpen('acme'));
  expect(lost).toMatchObject({ state: 'lost', shownUntil: clock().add({ hours: 168 }) });
  time.now = Temporal.Instant.from('2026-10-10T00:00:00Z');
  await serve(LOST);
  const [again] = await open();
  expect(again).toMatchObject({ alertId: 'finding-1', lost: [] });
  expect(again).not.toHaveProperty('shownUntil');
});

it('leaves in status since when nobody has said how an export ended, after a day', async () => {
  const { serve, sweep, pass, emulator, status, clock } = await alertingTarget();
  emulator.setScenario({
    steps: [{ on: 'export', times: 'always', effect: { type: 'slow_task', seconds: 9_000_000 } }],
  });
  const published = clock();
  await serve(SEEN);
  pass({ hours: 26 });
  expect(await status()).not.toHaveProperty('unconfirmedSince');
  pass({ minutes: 15 });
  await sweep();
  expect(await status()).toMatchObject({ open: 0, unconfirmed: 1, unconfirmedSince: published });
});

it('leaves the failure of one address in status, whatever was exported of another, until all records are', async () => {
  const { serve, status, emulator } = await alertingTarget({ start_at: '2027-01-01T00:00:00Z' });
  emulator.setScenario({ steps: [{ ...REFUSED, times: 1 }] });
  await serve({ ...SEEN, id: 'first' });
  await serve({ ...SEEN, id: 'second', filters: { public_ip: '203.0.113.9' } });
  expect(await status()).toMatchObject({ lastFailure: { kind: 'refused' }, needed: [{ filters: ADDRESS }] });
  await serve({ ...SEEN, id: 'third', filters: {} });
  expect(await status()).not.toHaveProperty('lastFailure');
});

it('is one read of the ledger where alerts have left nothing open', async () => {
  const { sweep, pass, ports } = await alertingTarget();
  await sweep(false);
  pass({ minutes: 1 });
  await sweep();
  const calls: string[] = [];
  const ledger = ports.ledger;
  for (const [name, work] of Object.entries(ledger))
    Object.assign(ledger, {
      [name]: (...values: never[]) => {
        calls.push(name);
        return (work as (...given: never[]) => unknown)(...values);
      },
    });
  await sweep();
  expect(calls).toEqual(['listOpen']);
});
