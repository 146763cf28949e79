import { expect, it } from 'vitest';
import { alertingTarget } from '../../support/alerting.ts';

const ADDRESS = { public_ip: '198.51.100.7' };

it('exports up to now at once, and the rest, with what had not settled, when it is due', async () => {
  const { serve, sweep, pass, announced, book } = await alertingTarget();
  await serve({ from: '07:50', to: '10:25', lastSeen: '09:55', filters: ADDRESS });
  expect(await announced()).toEqual(['07:50/10:00 198.51.100.7']);
  pass({ minutes: 54 });
  await sweep();
  expect(await announced()).toHaveLength(1);
  pass({ minutes: 1 });
  await sweep();
  expect(await announced()).toEqual(['07:50/10:00 198.51.100.7', '09:30/10:25 198.51.100.7']);
  pass({ hours: 2 });
  await sweep();
  await sweep();
  expect((await book())?.orders).toEqual([]);
});

it('orders nothing more when the same alert comes again', async () => {
  const { serve, sweep, pass, announced } = await alertingTarget();
  const alert = { from: '07:50', to: '10:25', lastSeen: '09:55', filters: ADDRESS };
  for (const minutes of [0, 1, 20, 60, 24 * 60]) {
    pass({ minutes });
    await serve(alert, alert);
    await sweep();
  }
  expect(await announced()).toEqual(['07:50/10:00 198.51.100.7', '09:30/10:25 198.51.100.7']);
});

it('orders once what several runs at the same moment are told of', async () => {
  const { serve, announced, book, events } = await alertingTarget();
  const alert = { from: '07:50', to: '10:25', lastSeen: '09:55', filters: ADDRESS };
  await Promise.all(Array.from({ length: 6 }, (_, index) => serve({ ...alert, id: `finding-${index % 3}` })));
  expect(await announced()).toEqual(['07:50/10:00 198.51.100.7']);
  expect((await book())?.orders.map(({ alerts }) => alerts.ids.length)).toEqual([expect.any(Number), 3]);
  expect(events.filter(({ type }) => type === 'window_failed')).toEqual([]);
});

it('gathers what many findings about one address say', async () => {
  const { serve, sweep, pass, announced, clock } = await alertingTarget();
  for (let index = 0; index < 100; index += 1) {
    const [from, to] = [clock().subtract({ hours: 2 }).toString(), clock().toString()];
    await serve({ id: `finding-${index}`, from, to, filters: ADDRESS });
    pass({ seconds: 6 });
  }
  for (let minute = 0; minute < 120; minute += 1) {
    pass({ minutes: 1 });
    await sweep();
  }
  expect(await announced()).toEqual([
    '08:00/10:00 198.51.100.7',
    '10:00/10:09:54 198.51.100.7',
    '09:30/10:09:54 198.51.100.7',
  ]);
});

it('does not need the filters of an alert where all records are exported already', async () => {
  const { serve, pass, announced } = await alertingTarget();
  await serve({ from: '07:00', to: '09:00', lastSeen: '08:30' });
  pass({ minutes: 20 });
  const served = await serve({ id: 'finding-2', from: '07:30', to: '08:30', filters: ADDRESS });
  expect(await announced()).toEqual(['07:00/09:00 all']);
  expect(served.results).toMatchObject([{ result: { outcome: 'covered' } }]);
});

it('links an alert to the nightly export that has its records already', async () => {
  const { serve, sweep, messages, ledger, target } = await alertingTarget();
  await sweep(false);
  await serve({ from: '2026-11-21T10:00:00Z', to: '2026-11-21T12:00:00Z', filters: ADDRESS });
  const [nightly, ...others] = await messages();
  expect(others).toEqual([]);
  expect((await ledger.findAlert(target.id, 'finding-1'))?.tasks).toEqual([nightly?.data.task_id]);
});

it('counts for no night', async () => {
  const { serve, sweep, pass, messages, clock } = await alertingTarget();
  await sweep(false);
  await serve({ from: '00:00', to: '2026-11-23T00:00:00Z', lastSeen: '10:00' });
  pass({ hours: 15 });
  await sweep();
  await sweep(false);
  const reasons = (await messages()).map(({ data }) => `${data.window.start} ${data.reason}`);
  // The first sweep after the night has exported it already, before the alert's rest.
  expect(reasons).toEqual([
    '2026-11-21T00:00:00Z routine',
    '2026-11-22T00:00:00Z alert',
    '2026-11-22T00:00:00Z routine',
    '2026-11-22T09:30:00Z alert',
  ]);
  expect(clock().toString()).toBe('2026-11-23T01:00:00Z');
});

it('says in the message which alerts an export serves, the first of them by id', async () => {
  const { serve, sweep, pass, messages } = await alertingTarget();
  for (let index = 0; index < 30; index += 1)
    await serve({ id: `finding-${index}`, from: '08:00', to: '10:25', lastSeen: '09:00', filters: ADDRESS });
  pass({ hours: 1 });
  await sweep();
  const alerts = (await messages()).flatMap(({ data }) => (data.reason === 'alert' ? [data.alerts] : []));
  const ids = Array.from({ length: 20 }, (_, index) => `finding-${index}`);
  expect(alerts).toEqual([
    { ids: ['finding-0'], more: false },
    { ids, more: true },
  ]);
});

it('orders no more exports in an hour than are allowed, and folds the rest', async () => {
  const { serve, sweep, pass, announced, events } = await alertingTarget({ max_alert_exports: 6 });
  for (let index = 0; index < 50; index += 1)
    await serve({
      id: `finding-${index}`,
      from: '08:00',
      to: '09:00',
      filters: { public_ip: `203.0.113.${index}` },
    });
  expect(await announced()).toEqual([
    ...[0, 1, 2, 3].map((index) => `08:00/09:00 203.0.113.${index}`),
    '08:00/09:00 all',
  ]);
  expect(events.filter(({ type }) => type === 'alerts_folded')).toHaveLength(1);
  pass({ hours: 2 });
  await sweep();
  expect(await announced()).toHaveLength(5);
});
