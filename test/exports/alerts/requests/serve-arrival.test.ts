import { expect, it } from 'vitest';
import { InfrastructureError } from '../../../../lib/domain/errors.ts';
import { closeRequests, findClosings } from '../../../../lib/exports/alerts/requests/close-requests.ts';
import { alertingTarget } from '../../../support/alerts/alerting-target.ts';

const ADDRESS = { public_ip: '198.51.100.7' };
const ALERT = { from: '07:50', to: '10:25', lastSeen: '09:55', filters: ADDRESS };

it('exports up to now at once, and the rest, with what was too new, when it is due at the full hour', async () => {
  const { serve, sweep, pass, published, open } = await alertingTarget();
  await serve(ALERT);
  expect(await published()).toEqual(['07:50/10:00 198.51.100.7']);
  pass({ minutes: 59 });
  await sweep();
  expect(await published()).toHaveLength(1);
  pass({ minutes: 1 });
  await sweep();
  expect(await published()).toEqual(['07:50/10:00 198.51.100.7', '09:30/10:25 198.51.100.7']);
  expect(await open()).toMatchObject([{ alertId: 'finding-1', state: 'open' }]);
  pass({ minutes: 15 });
  await sweep();
  expect(await open()).toEqual([]);
});

it('orders nothing more when the same alert comes again', async () => {
  const { serve, sweep, pass, published } = await alertingTarget();
  for (const minutes of [0, 1, 20, 60, 24 * 60]) {
    pass({ minutes });
    await serve(ALERT, ALERT);
    await sweep();
  }
  expect(await published()).toEqual(['07:50/10:00 198.51.100.7', '09:30/10:25 198.51.100.7']);
});

it('says of a copy that comes when all is exported that it was exported before', async () => {
  const { serve, sweep, pass, events } = await alertingTarget();
  await serve(ALERT);
  for (const minutes of [60, 15]) {
    pass({ minutes });
    await sweep();
  }
  events.length = 0;
  const { results, open } = await serve(ALERT);
  expect(results).toMatchObject([{ result: { outcome: 'covered' } }]);
  expect(open).toEqual([]);
  expect(events).toMatchObject([
    { type: 'alert_received', tasks: { length: 2 } },
    { type: 'window_covered' },
  ]);
});

it('orders once what several runs at the same moment are given', async () => {
  const { serve, published, messages, open, events } = await alertingTarget();
  const runs = Array.from({ length: 6 }, (_, index) => serve({ ...ALERT, id: `finding-${index % 3}` }));
  await Promise.all(runs);
  expect(await published()).toEqual(['07:50/10:00 198.51.100.7']);
  expect((await messages()).map(({ data }) => data.alerts?.coalesced)).toEqual([false]);
  expect(await open()).toHaveLength(3);
  expect(events.filter(({ type }) => type === 'window_failed')).toEqual([]);
});

it('gathers what many findings about one address say', async () => {
  const { serve, sweep, pass, published, clock, open } = await alertingTarget();
  for (let index = 0; index < 100; index += 1) {
    const [from, to] = [clock().subtract({ hours: 2 }).toString(), clock().toString()];
    await serve({ id: `finding-${index}`, from, to, filters: ADDRESS });
    pass({ seconds: 6 });
  }
  for (let quarters = 0; quarters < 8; quarters += 1) {
    pass({ minutes: 15 });
    await sweep();
  }
  expect(await published()).toEqual([
    '08:00/10:00 198.51.100.7',
    '10:00/10:09:54 198.51.100.7',
    '09:30/10:09:54 198.51.100.7',
  ]);
  expect(await open()).toEqual([]);
});

it('does not need the filters of an alert where all records are exported already', async () => {
  const { serve, pass, published } = await alertingTarget();
  await serve({ from: '07:00', to: '09:00', lastSeen: '08:30' });
  pass({ minutes: 20 });
  const served = await serve({ id: 'finding-2', from: '07:30', to: '08:30', filters: ADDRESS });
  expect(await published()).toEqual(['07:00/09:00 all']);
  expect(served.results).toMatchObject([{ result: { outcome: 'covered' } }]);
});

it('reports which nightly export has the records of an alert already, and closes it when that is confirmed', async () => {
  const { serve, sweep, pass, messages, events, open } = await alertingTarget();
  await sweep(false);
  pass({ minutes: 1 });
  await sweep();
  await serve({ from: '2026-11-21T10:00:00Z', to: '2026-11-21T12:00:00Z', filters: ADDRESS });
  const [nightly, ...others] = await messages();
  expect(others).toEqual([]);
  expect(events.filter(({ type }) => type === 'alert_received')).toMatchObject([
    { tasks: [nightly?.data.task_id] },
  ]);
  expect(await open()).toEqual([]);
});

it('counts for no night', async () => {
  const { serve, sweep, pass, messages } = await alertingTarget();
  await sweep(false);
  await serve({ from: '00:00', to: '2026-11-23T00:00:00Z', lastSeen: '10:00' });
  pass({ hours: 15 });
  await sweep();
  await sweep(false);
  const reasons = (await messages()).map(({ data }) => `${data.window.start} ${data.reason}`);
  // The sweep after the night exports that first, and then the alert needs nothing more.
  expect(reasons).toEqual([
    '2026-11-21T00:00:00Z routine',
    '2026-11-22T00:00:00Z alert',
    '2026-11-22T00:00:00Z routine',
  ]);
});

it('says in the message which alerts an export serves, the first of them by id', async () => {
  const { serve, sweep, pass, messages } = await alertingTarget();
  for (let index = 0; index < 30; index += 1)
    await serve({ id: `finding-${index}`, from: '08:00', to: '10:25', lastSeen: '09:00', filters: ADDRESS });
  pass({ hours: 1 });
  await sweep();
  const alerts = (await messages()).flatMap(({ data }) => (data.reason === 'alert' ? [data.alerts] : []));
  expect(alerts).toEqual([
    { ids: ['finding-0'], more: false, coalesced: false },
    { ids: expect.any(Array), more: true, coalesced: false },
  ]);
  expect(new Set(alerts[1]?.ids).size).toBe(20);
});

it('orders no more exports in an hour than are allowed, and coalesces the rest', async () => {
  const { serve, sweep, pass, published, events, messages } = await alertingTarget({ max_alert_exports: 6 });
  for (let index = 0; index < 50; index += 1)
    await serve({
      id: `finding-${index}`,
      from: '08:00',
      to: '09:00',
      filters: { public_ip: `203.0.113.${index}` },
    });
  expect(await published()).toEqual([
    ...[0, 1, 2, 3].map((index) => `08:00/09:00 203.0.113.${index}`),
    '08:00/09:00 all',
  ]);
  expect((await messages()).map(({ data }) => data.alerts?.coalesced)).toEqual([
    false,
    false,
    false,
    false,
    true,
  ]);
  expect(events.filter(({ type }) => type === 'alerts_coalesced')).toEqual([
    { type: 'alerts_coalesced', targetId: 'acme', exports: 1 },
  ]);
  pass({ hours: 2 });
  await sweep();
  expect(await published()).toHaveLength(5);
});

it('reports what Huawei no longer has of a request before it exports the rest', async () => {
  const { serve, published, events, open } = await alertingTarget();
  const { results } = await serve({
    from: '2026-10-13T10:00:00Z',
    to: '2026-10-24T10:00:00Z',
    filters: ADDRESS,
  });
  expect(await published()).toEqual(['2026-10-23T10:05/2026-10-24T10:00 198.51.100.7']);
  expect(
    events
      .filter(({ type }) => type === 'request_lost')
      .map((event) => 'window' in event && String(event.window.end)),
  ).toEqual(['2026-10-23T10:05:00Z']);
  expect(results.map(({ result }) => result.outcome)).toEqual(['lost', 'published']);
  expect(await open()).toMatchObject([{ lost: { length: 1 } }]);
});

it('reports once that all of a request is lost, and closes it', async () => {
  const { serve, sweep, published, events, open } = await alertingTarget();
  await serve({ from: '2026-10-01T12:00:00Z', to: '2026-10-02T12:00:00Z', filters: ADDRESS });
  await sweep();
  expect(events.filter(({ type }) => type === 'request_lost')).toMatchObject([{ filters: ADDRESS }]);
  expect(await published()).toEqual([]);
  expect(await open()).toEqual([]);
});

it('reports a loss once, however often its finding comes again with a later sight', async () => {
  const { serve, clock, pass, events, sweep, open } = await alertingTarget();
  for (let repeats = 0; repeats < 5; repeats += 1) {
    await serve({ from: '2026-10-01T00:00:00Z', to: String(clock()), filters: ADDRESS });
    pass({ minutes: 15 });
    await sweep();
  }
  expect(events.filter(({ type }) => type === 'request_lost')).toHaveLength(1);
  const lost = (await open()).map((request) => request.lost.map(({ start }) => String(start)));
  expect(new Set(lost.flat())).toEqual(new Set(['2026-10-01T00:00:00Z']));
  await serve({ id: 'another', from: '2026-10-01T00:00:00Z', to: String(clock()), filters: ADDRESS });
  await serve({ from: '2026-10-01T00:00:00Z', to: String(clock()), filters: { public_ip: '203.0.113.9' } });
  expect(events.filter(({ type }) => type === 'request_lost')).toHaveLength(3);
});

it('leaves a request alone that another run has written meanwhile', async () => {
  const { serve, open, ports, ledger, target, pass, status } = await alertingTarget();
  await serve({ from: '2026-10-20T00:00:00Z', to: '09:00', filters: ADDRESS });
  const [request] = await open();
  if (!request) throw new Error('It is open.');
  await ledger.saveRequest({ ...request, state: 'served', version: request.version + 1, writeId: 'another' });
  pass({ hours: 30 });
  const found = await findClosings(ports, target, {
    requests: [request],
    entries: [],
    isListUnread: async () => false,
    others: async () => [],
  });
  const closed = await closeRequests(ports, target, { requests: [request], found });
  expect(closed.open).toEqual([]);
  expect(await status()).toMatchObject({ open: 0 });
});

it('counts what was joined once, however often another run took the number first', async () => {
  const { serve, ports, events, sweep } = await alertingTarget({ max_alert_exports: 2 });
  await sweep();
  const { save } = ports.ledger;
  let refusals = 3;
  ports.ledger.save = async (row) => {
    if (!row.alertExport || row.version > 1 || refusals === 0) return save(row);
    refusals -= 1;
    return false;
  };
  const filters = [1, 2, 3].map((n) => ({ public_ip: `203.0.113.${n}` }));
  await serve(...filters.map((filter, index) => ({ ...ALERT, id: `finding-${index}`, filters: filter })));
  expect(events.filter(({ type }) => type === 'alerts_coalesced')).toMatchObject([{ exports: 2 }]);
});

it('says of a request that the ledger does not take that it is not kept', async () => {
  const { serve, ports, open } = await alertingTarget();
  const { putRequest } = ports.ledger;
  ports.ledger.putRequest = (request) =>
    request.alertId === 'finding-2'
      ? Promise.reject(new InfrastructureError('Error: database or disk is full'))
      : putRequest(request);
  const { results } = await serve(ALERT, { ...ALERT, id: 'finding-2' });
  const failed = results.flatMap(({ result }) => ('error' in result ? [result.error] : []));
  expect(failed.map(({ kind, message }) => [kind, message])).toEqual([
    [
      'infrastructure',
      expect.stringMatching(/^Error: database or disk is full\. What the alert asks for is not kept/),
    ],
  ]);
  expect(await open()).toMatchObject([{ alertId: 'finding-1' }]);
});

it('reports for an alert that comes again what of it is lost and exhausted', async () => {
  const { serve, pass, sweep, events, emulator } = await alertingTarget({ max_attempts: 1 });
  emulator.setScenario({
    steps: [{ on: 'export', times: 'always', effect: { type: 'fail_task', reason: 'disk' } }],
  });
  const asked = { from: '2026-10-01T00:00:00Z', to: '2026-10-25T00:00:00Z', filters: ADDRESS };
  await serve(asked);
  pass({ minutes: 15 });
  await sweep();
  await serve(asked);
  const received = events.filter((event) => event.type === 'alert_received');
  expect(received).toMatchObject([
    { lost: [], exhausted: [] },
    { lost: [{ start: { epochMilliseconds: Date.parse(asked.from) } }], exhausted: [{}] },
  ]);
});

it('reports for a repeat that is lost as a whole what was reported for the first, and orders nothing', async () => {
  const { serve, events } = await alertingTarget();
  const old = { from: '2026-10-01T00:00:00Z', filters: ADDRESS };
  await serve({ ...old, to: '2026-10-02T00:00:00Z' });
  const { results, open } = await serve({ ...old, to: '2026-10-01T12:00:00Z' });
  expect([results, open]).toEqual([[], []]);
  const received = events.filter((event) => event.type === 'alert_received');
  expect(received).toMatchObject([
    { lost: [] },
    { lost: [{ end: { epochMilliseconds: Date.UTC(2026, 9, 1, 12) } }] },
  ]);
});
