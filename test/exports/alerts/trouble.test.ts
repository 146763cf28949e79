import { expect, it } from 'vitest';
import { MOST_TO_COME } from '../../../lib/exports/alerts/draw-together.ts';
import { alertingTarget } from '../../support/alerting.ts';

const ADDRESS = { public_ip: '198.51.100.7' };
const SEEN = { from: '08:00', to: '09:00', lastSeen: '08:45', filters: ADDRESS };
const REFUSED = { on: 'export', times: 'always', effect: { type: 'forbidden' } } as const;
const failing = (times: number) =>
  ({ on: 'export', times, effect: { type: 'fail_task', reason: 'out of order' } }) as const;

it('orders a task that failed at Huawei again, and each takes a place; without one it is folded', async () => {
  const { serve, sweep, pass, announced, emulator, book } = await alertingTarget({ max_alert_exports: 2 });
  await sweep();
  emulator.setScenario({ steps: [failing(2)] });
  await serve(SEEN);
  for (let quarters = 0; quarters < 3; quarters += 1) {
    pass({ minutes: 15 });
    await sweep();
  }
  expect(await announced()).toEqual(['08:00/09:00 198.51.100.7', '08:00/09:00 198.51.100.7']);
  expect((await book())?.orders).toHaveLength(1);
  pass({ hours: 1 });
  await sweep();
  expect(await announced()).toEqual([
    '08:00/09:00 198.51.100.7',
    '08:00/09:00 198.51.100.7',
    '08:00/09:00 all',
  ]);
  pass({ hours: 1 });
  await sweep();
  expect((await book())?.orders).toEqual([]);
});

it('tells when every task that was allowed has failed, and orders again when the alert comes again', async () => {
  const { serve, sweep, pass, events, announced, emulator } = await alertingTarget({ max_attempts: 2 });
  await sweep();
  emulator.setScenario({ steps: [failing(2)] });
  await serve(SEEN);
  for (let hours = 0; hours < 4; hours += 1) {
    pass({ hours: 1 });
    await sweep();
  }
  expect(events.filter(({ type }) => type === 'window_failed')).toMatchObject([
    { error: { kind: 'task_failed' } },
  ]);
  expect(await announced()).toHaveLength(2);
  await serve(SEEN);
  expect(await announced()).toHaveLength(3);
});

it('goes on with what Huawei refused when it takes exports again, be it hours later', async () => {
  const { serve, sweep, pass, announced, emulator, book } = await alertingTarget({ max_alert_exports: 3 });
  emulator.setScenario({ steps: [REFUSED] });
  for (let hour = 0; hour < 30; hour += 1) {
    const filters = { public_ip: `203.0.113.${hour}` };
    const served = await serve({ ...SEEN, id: `finding-${hour}`, filters });
    if (hour === 0) expect(served.results).toMatchObject([{ result: { outcome: 'failed' } }]);
    await sweep();
    pass({ hours: 1 });
  }
  expect((await book())?.orders.length).toBeLessThanOrEqual(6);
  emulator.setScenario({ steps: [] });
  for (let hour = 0; hour < 3; hour += 1) {
    await sweep();
    pass({ hours: 1 });
  }
  expect(await announced()).toContain('08:00/09:00 all');
  expect((await book())?.orders).toEqual([]);
});

it('keeps a book of some size in a storm of addresses, and exports all that they ask for', async () => {
  const { serve, sweep, pass, messages, book } = await alertingTarget({ max_alert_exports: 4 });
  for (let index = 0; index < 300; index += 1) {
    const filters = { public_ip: `203.0.${index % 3}.${index % 100}` };
    const hours = String(11 + (index % 13)).padStart(2, '0');
    await serve({ id: `finding-${index}`, from: '08:00', to: `${hours}:00`, lastSeen: '09:00', filters });
  }
  const toCome = (await book())?.orders.filter(({ issuedAt }) => !issuedAt) ?? [];
  expect(toCome.length).toBeLessThanOrEqual(MOST_TO_COME);
  for (let quarters = 0; quarters < 96; quarters += 1) {
    pass({ minutes: 15 });
    await sweep();
  }
  expect((await book())?.orders).toEqual([]);
  const ofAlerts = (await messages()).filter(({ data }) => data.reason === 'alert');
  const unfiltered = ofAlerts.filter(({ data }) => Object.keys(data.request.filters).length === 0);
  const ends = unfiltered.map(({ data }) => data.window.end).sort();
  expect(ends.at(-1)).toBe('2026-11-22T23:00:00Z');
});

it('no longer follows the oldest tasks where nobody can say what became of a hundred, and says so', async () => {
  const { serve, sweep, pass, emulator, book } = await alertingTarget({ max_alert_exports: 60 });
  emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
  for (let index = 0; index < 120; index += 1) {
    await serve({ ...SEEN, id: `finding-${index}`, filters: { public_ip: `203.0.113.${index}` } });
    pass({ minutes: 2 });
  }
  const report = await sweep();
  expect((await book())?.orders).toHaveLength(100);
  expect(report.targets).toMatchObject([{ left_for_next_run: expect.any(Number) }]);
});

it('records and tells what an order came too late for, and exports the rest', async () => {
  const { serve, sweep, pass, events, announced, emulator } = await alertingTarget();
  emulator.setScenario({ steps: [REFUSED] });
  await serve({ from: '2026-10-23T12:00:00Z', to: '2026-10-24T12:00:00Z', filters: ADDRESS });
  pass({ hours: 10 });
  emulator.setScenario({ steps: [] });
  await sweep();
  const lost = events.flatMap((event) => (event.type === 'window_lost' ? [event.window.end.toString()] : []));
  expect(lost).toHaveLength(1);
  expect(await announced()).toEqual([`${lost[0]?.replace(/(:00)?Z$/, '')}/2026-10-24T12:00 198.51.100.7`]);
});

it('says that an alert asks for what Huawei no longer has, and orders nothing', async () => {
  const { serve, announced, events } = await alertingTarget();
  await serve({ from: '2026-10-01T12:00:00Z', to: '2026-10-02T12:00:00Z', filters: ADDRESS });
  expect(events.map(({ type }) => type)).toEqual(['alert_too_old']);
  expect(await announced()).toEqual([]);
});
