import { describe, expect, it } from 'vitest';
import { filtersDigest } from '../../../../lib/domain/ledger/window-row.ts';
import { runScheduledExport } from '../../../../lib/exports/scheduled-run.ts';
import { alertingTarget } from '../../../support/alerts/alerting-target.ts';
import { mortalPorts } from '../../../support/runs/killed-run.ts';
import { exportOf, nightOf, plannedFor, requestFor, shortSpan, targetWith } from './planning.ts';

const ADDRESS = { public_ip: '198.51.100.7' };
const SEEN = { from: '08:00', to: '09:00', lastSeen: '08:45', filters: ADDRESS };
const UNLISTED = { on: 'tasks', times: 'always', effect: { type: 'forbidden' } } as const;
const never = new AbortController().signal;
const REFUSED_ONCE = { on: 'export', times: 1, effect: { type: 'forbidden' } } as const;
const failing = (times: number) =>
  ({ on: 'export', times, effect: { type: 'fail_task', reason: 'out of order' } }) as const;

describe('a task that fails when its request was closed, because nobody had said how it ended', () => {
  async function closedTooSoon() {
    const target = await alertingTarget({ start_at: '2027-01-01T00:00:00Z' });
    target.emulator.setScenario({ steps: [UNLISTED] });
    await target.serve(SEEN);
    target.pass({ hours: 26, minutes: 15 });
    await target.sweep();
    expect(await target.open()).toEqual([]);
    target.emulator.setScenario({ steps: [] });
    for (const { id } of target.emulator.tasks()) target.emulator.failTask(id, 'no space left');
    return target;
  }

  it('is reported, because nobody orders it again', async () => {
    const { sweep } = await closedTooSoon();
    const { targets } = await sweep();
    expect(targets).toMatchObject([{ published: 0, failed: [{ kind: 'task_failed' }] }]);
    expect((await sweep()).targets).toMatchObject([{ failed: [] }]);
  });

  it('is reported although another request of other filters is open for part of its time', async () => {
    const { sweep, serve } = await closedTooSoon();
    const filters = { public_ip: '203.0.113.9' };
    await serve({
      ...SEEN,
      id: 'other',
      from: '08:30',
      to: '2026-11-25T00:00:00Z',
      lastSeen: '09:00',
      filters,
    });
    expect((await sweep()).targets).toMatchObject([{ failed: [{ kind: 'task_failed' }] }]);
  });

  it.each(['before', 'after'] as const)(
    'is reported, be it twice, when the run that finds it dies %s it has written so',
    async (when) => {
      const { sweep, ports, events, target, clock } = await closedTooSoon();
      const { died, ports: mortal } = mortalPorts(ports, { when, call: 'ledger.save', nth: 1 });
      const input = { targets: [target], sweep: true, trigger: { kind: 'schedule' } as const };
      void runScheduledExport({ ...ports, ...mortal }, { ...input, scheduledTime: clock() }, never);
      await died;
      await sweep();
      expect(events.filter(({ type }) => type === 'window_failed')).not.toEqual([]);
    },
  );

  it('is ordered again when its alert comes again', async () => {
    const { sweep, serve, published } = await closedTooSoon();
    await sweep();
    await serve(SEEN);
    expect(await published()).toEqual(['08:00/09:00 198.51.100.7', '08:00/09:00 198.51.100.7']);
  });
});

it.each([
  [
    'in that sweep the list is down',
    { on: 'tasks', times: 'always', effect: { type: 'status', status: 503 } },
  ],
  ['its alert comes again before a sweep has asked', undefined],
] as const)('a request is not closed for want of an answer where %s', async (_, step) => {
  const { serve, sweep, pass, emulator, published, open } = await alertingTarget({
    start_at: '2027-01-01T00:00:00Z',
  });
  emulator.setScenario({ steps: [failing(1)] });
  await serve(SEEN);
  pass({ hours: 27 });
  emulator.setScenario({ steps: step ? [step] : [] });
  if (step) await sweep();
  else await serve(SEEN);
  expect(await open()).toHaveLength(1);
  emulator.setScenario({ steps: [] });
  pass({ minutes: 15 });
  await sweep();
  expect(await published()).toHaveLength(2);
});

it('a request that a night served is opened again by a copy once all exports of that night have failed', async () => {
  const { serve, sweep, pass, emulator, published } = await alertingTarget({ max_attempts: 1 });
  emulator.setScenario({ steps: [UNLISTED] });
  await sweep(false);
  const asked = { from: '2026-11-21T08:00:00Z', to: '2026-11-21T09:00:00Z', filters: ADDRESS };
  await serve(asked);
  pass({ hours: 27 });
  await sweep();
  emulator.setScenario({ steps: [] });
  for (const { id } of emulator.tasks()) emulator.failTask(id, 'no space left');
  await sweep();
  expect(await published()).toEqual([]);
  await serve(asked);
  expect(await published()).toEqual(['2026-11-21T08:00/2026-11-21T09:00 198.51.100.7']);
});

it('a request that only nights serve is not closed for want of an answer while the list is down', async () => {
  const { serve, sweep, pass, emulator, open } = await alertingTarget();
  emulator.setScenario({
    steps: [{ on: 'tasks', times: 'always', effect: { type: 'status', status: 503 } }],
  });
  await sweep(false);
  await serve({ from: '2026-11-21T08:00:00Z', to: '2026-11-21T09:00:00Z', filters: ADDRESS });
  pass({ hours: 27 });
  await sweep();
  expect(await open()).toHaveLength(1);
  emulator.setScenario({ steps: [] });
  pass({ minutes: 15 });
  await sweep();
  expect(await open()).toEqual([]);
});

it('a request that only nights serve is closed by no run that has not asked for them yet', async () => {
  const { serve, sweep, pass, emulator, open } = await alertingTarget();
  await sweep(false);
  await serve({ from: '2026-11-21T08:00:00Z', to: '2026-11-21T09:00:00Z', filters: ADDRESS });
  for (const { id } of emulator.tasks()) emulator.failTask(id, 'no space left');
  pass({ hours: 27 });
  emulator.setScenario({ steps: [REFUSED_ONCE] });
  await serve({
    ...SEEN,
    id: 'urgent',
    from: '2026-11-23T08:00:00Z',
    to: '2026-11-23T09:00:00Z',
    lastSeen: '2026-11-23T09:00:00Z',
  });
  pass({ minutes: 2 });
  await sweep();
  expect((await open()).map(({ alertId }) => alertId).sort()).toEqual(['finding-1', 'urgent']);
});

it('a list that is down is reported by each sweep once it has not said for a day how an export for alerts ended', async () => {
  const { serve, sweep, pass, emulator } = await alertingTarget({ start_at: '2027-01-01T00:00:00Z' });
  emulator.setScenario({
    steps: [{ on: 'tasks', times: 'always', effect: { type: 'status', status: 503 } }],
  });
  await serve(SEEN);
  pass({ hours: 26 });
  expect((await sweep()).targets).toMatchObject([{ failed: [] }]);
  pass({ minutes: 15 });
  const message = expect.stringContaining(
    "Huawei's task list is not readable, and that export was published at",
  );
  for (const _ of [1, 2])
    expect((await sweep()).targets).toMatchObject([{ failed: [{ kind: 'unavailable', message }] }]);
});

describe('what Huawei will soon have no more', () => {
  const ahead = requestFor({ window: '09:00/2026-12-23T00:00:00Z', seen: '10:00' });
  const entries = [exportOf({ window: '09:00/10:00', at: '10:00' })];

  it('is exported, although the end of its window is still ahead', () => {
    expect(plannedFor({ requests: [ahead], entries, now: '2026-12-20T09:00:00Z' }).texts).toEqual([]);
    const [planned] = plannedFor({ requests: [ahead], entries, now: '2026-12-21T10:00:00Z' }).exports;
    expect(planned && shortSpan(planned.window)).toBe('09:30/2026-12-21T10:00');
  });

  it('is not urgent, and makes nothing else of its request urgent, once all that are allowed have failed', () => {
    const window = '2026-10-23T20:00:00Z/2026-12-01T00:00:00Z';
    const requests = [requestFor({ window, seen: '10:00' })];
    const old = '2026-10-23T20:00:00Z/2026-10-24T00:00:00Z';
    const entries = [
      exportOf({ window: old, number: 1, state: 'failed', failure: 'task_failed' }),
      exportOf({ window: old, number: 2, state: 'failed', failure: 'task_failed' }),
      exportOf({ window: '2026-10-24T00:00:00Z/10:00', number: 3 }),
    ];
    const plan = plannedFor({ requests, entries, now: '10:30', target: targetWith({ max_attempts: 2 }) });
    expect(plan.texts).toEqual([]);
    expect([...plan.exhausted.values()].flat().map(shortSpan)).toEqual(['2026-10-23T20:00/2026-10-24T00:00']);
  });

  it('does not rest after a second failure', () => {
    const failed = (attempt: number, window: string, at: string) => ({
      ...exportOf({ window, at, state: 'failed' as const, failure: 'task_failed' }),
      attempt,
    });
    const requests = [requestFor({ window: '2026-10-23T12:00:00Z/2026-10-23T14:00:00Z' })];
    const entry = failed(2, '2026-10-23T12:00:00Z/2026-10-23T14:00:00Z', '10:00');
    expect(plannedFor({ requests, entries: [entry], now: '10:15' }).texts).toHaveLength(1);
  });
});

it('exports nothing more for a sight of which all exports failed, while the rest is not due', () => {
  const requests = [requestFor({ window: '08:00/23:00', seen: '10:00' })];
  const entries = [1, 2].map((number) =>
    exportOf({ window: '08:00/10:00', number, at: '10:00', state: 'failed', failure: 'task_failed' }),
  );
  const plan = plannedFor({ requests, entries, now: '12:00', target: targetWith({ max_attempts: 2 }) });
  expect(plan.texts).toEqual([]);
  expect([...plan.exhausted.values()].flat().map(shortSpan)).toEqual(['08:00/10:00']);
});

it('reports an exhausted part once, also while other parts are being lost', async () => {
  const { serve, sweep, pass, emulator, events } = await alertingTarget({
    max_attempts: 2,
    start_at: '2027-01-01T00:00:00Z',
  });
  emulator.setScenario({ steps: [failing(99)] });
  await serve({ from: '2026-10-23T10:30:00Z', to: '2026-10-23T22:00:00Z', filters: ADDRESS });
  for (let quarters = 0; quarters < 16; quarters += 1) {
    pass({ minutes: 15 });
    await sweep();
  }
  expect(events.filter(({ type }) => type === 'request_exhausted')).toHaveLength(1);
  expect(events.filter(({ type }) => type === 'request_lost')).toHaveLength(1);
});

describe('the filters of a target that were changed while a request is open', () => {
  const people = (user_name: string) => targetWith({ filters: { user_name } });

  it('count for no request that was made under others', () => {
    const requests = [requestFor({ window: '08:00/09:00', address: 'all' })];
    const night = {
      ...nightOf({ window: '00:00/10:00' }),
      filtersDigest: filtersDigest({ user_name: 'alice' }),
    };
    const planned = plannedFor({ requests, entries: [night], now: '10:30', target: people('alice') });
    expect(planned.texts).toEqual(['08:00/09:00 all']);
  });

  it('leave a request that lies within an export of all records an export of its own', () => {
    const target = targetWith({ filters: { user_name: 'alice' } });
    const requests = [
      requestFor({ id: 'before', window: '08:00/09:00', address: '203.0.113.1' }),
      {
        ...requestFor({ id: 'now', window: '07:00/10:00', address: 'all' }),
        filters: { user_name: 'alice' },
      },
    ];
    const plan = plannedFor({ requests, now: '10:30', target });
    expect(plan.exports.map(({ filters, alerts }) => [filters, alerts.ids])).toEqual([
      [{ public_ip: '203.0.113.1' }, ['before']],
      [{ user_name: 'alice' }, ['now']],
    ]);
  });

  it('are not those that its requests are joined under', () => {
    const target = targetWith({ filters: { user_name: 'alice' }, max_alert_exports: 3 });
    const requests = [1, 2, 3, 4, 5].map((n) =>
      requestFor({ id: `f-${n}`, window: '08:00/09:00', address: `203.0.113.${n}` }),
    );
    const plan = plannedFor({ requests, now: '10:30', target });
    expect(plan.texts).toEqual([1, 2, 3].map((n) => `08:00/09:00 203.0.113.${n}`));
    expect(plan.waiting.map(({ why }) => why)).toEqual(['slots', 'slots']);
  });
});

it('says that what was seen waits: for a slot, or because the same has just failed', async () => {
  const { serve, pass, emulator, ports, target } = await alertingTarget({ max_alert_exports: 1 });
  const outcome = async (from: string) => {
    const { results } = await serve({ id: `seen ${from}`, from, to: '10:00', filters: ADDRESS });
    return results.map(({ result }) => ('why' in result ? result.why : result.outcome));
  };
  emulator.setScenario({ steps: [{ on: 'export', times: 1, effect: { type: 'forbidden' } }] });
  expect(await outcome('08:00')).toEqual(['failed']);
  pass({ seconds: 30 });
  expect(await outcome('08:00')).toEqual(['the same has just failed; the next sweep orders it']);
  pass({ minutes: 20 });
  expect(await outcome('08:00')).toEqual(['published']);
  const served = await serve({
    id: 'other',
    from: '05:00',
    to: '06:00',
    filters: { public_ip: '203.0.113.9' },
  });
  expect(served.results).toMatchObject([
    { result: { outcome: 'deferred', why: 'no slot is left in this hour; a later sweep orders it' } },
  ]);
  expect((await ports.ledger.listOpen(target.id)).requests).toHaveLength(2);
});
