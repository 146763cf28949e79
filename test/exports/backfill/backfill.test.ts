import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { backfill } from '../../../lib/exports/backfill/backfill.ts';
import { backfillMoment, backfillRange } from '../../../lib/exports/backfill/range.ts';
import type { Leased } from '../../../lib/run-ports.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import type { LocalPorts } from '../../support/runs/local-ports.ts';
import { at, counts, days, never, runningTarget, short } from '../running-target.ts';

type Filling = {
  from?: string;
  to?: string;
  signal?: AbortSignal;
  ports?: LocalPorts;
  /** What happens while it waits for others. */
  meanwhile?: (held: Leased) => unknown;
  window?: Record<string, string>;
  project_id?: string;
};

const NIGHTLY = { from: '2026-11-13T00:00:00Z', to: '2026-11-23T00:00:00Z' };

async function setUp(...options: Parameters<typeof runningTarget>) {
  const local = await runningTarget(...options);
  const waits: string[] = [];
  const fill = async ({
    from,
    to,
    signal = never,
    ports = local.ports(),
    meanwhile,
    ...more
  }: Filling = {}) => {
    const target = local.targetWith(more);
    const asked = { start: at(from ?? NIGHTLY.from), end: at(to ?? NIGHTLY.to) };
    const { due: range } = backfillRange(target, asked, local.clock());
    const trigger = { kind: 'command', scheduled_time: local.clock().toString() } as const;
    const waitForOthers = async (held: Leased) => {
      waits.push(`${held.windows} until ${held.until}`);
      if (waits.length > 20) throw new Error('It waits permanently.');
      if (meanwhile) await meanwhile(held);
      else local.time.now = held.until;
    };
    const moment = await backfillMoment(ports, target, never);
    local.events.length = 0;
    return backfill({ ...ports, waitForOthers }, { target, range, trigger, moment }, signal);
  };
  /** A backfill that dies as under `kill -9`. */
  const die = async (call: string, nth: number, when: 'before' | 'after' = 'after') => {
    const { died, ports } = mortalPorts(local.ports(), { when, call, nth });
    void fill({ ports });
    await died;
  };
  return { ...local, fill, die, waits };
}

describe('a backfill', () => {
  it('binds the project that only the token names before its first export, in which it may die', async () => {
    const { die, stored, fill, targetWith } = await setUp();
    await die('api.submit', 1);
    const projectId = (await stored())?.projectId;
    expect(projectId).toBe(DEMO_ACCOUNT.project.id);
    expect(targetWith().projectId).toBeUndefined();
    expect(await fill({ project_id: 'e'.repeat(32) })).toMatchObject({
      published: 0,
      failed: [{ kind: 'input' }],
    });
  });

  it('exports every window of a range that nobody has touched, oldest first, and says why', async () => {
    const { fill, published, messages, reported } = await setUp();
    const report = await fill();
    expect(report).toEqual({
      target_id: 'acme',
      planned: 10,
      published: 10,
      already_covered: 0,
      deferred: 0,
      failed: [],
      confirmed: 0,
      lost: [],
    });
    expect(await published()).toEqual(days('11-13', '11-22'));
    expect((await messages())[0]).toMatchObject({
      data: {
        reason: 'backfill',
        attempt: 1,
        trigger: { kind: 'command', scheduled_time: '2026-11-23T00:35:00Z' },
      },
    });
    expect(reported('target_planned')).toMatchObject([{ windows: 10 }]);
  });

  it('exports only the gaps', async () => {
    const { fill, calendar, published } = await setUp();
    for (const day of ['18', '14', '15']) await calendar({ at: `2026-11-${day}T00:35:00Z` });
    expect(counts(await fill())).toMatchObject({ planned: 10, published: 7, already_covered: 3 });
    expect(await published()).toEqual([
      '11-17/11-18',
      ...days('11-13', '11-14'),
      ...days('11-15', '11-16'),
      ...days('11-18', '11-22'),
    ]);
    expect(counts(await fill())).toMatchObject({ planned: 10, published: 0, already_covered: 10 });
  });

  it('goes by spans of time, so that a changed length of windows exports nothing twice', async () => {
    const { fill, published } = await setUp();
    await fill({ from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' });
    const every = { window: { every: 'PT12H' } };
    await fill({ from: '2026-11-19T12:00:00Z', to: '2026-11-21T12:00:00Z', ...every });
    expect(await published()).toEqual(['11-20/11-21', '11-19T12:00/11-20', '11-21/11-21T12:00']);
  });

  it('touches nothing outside of the range', async () => {
    const { fill, die, waits, emulator, published } = await setUp();
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'forbidden' } }] });
    await die('api.submit', 3);
    await fill({ from: '2026-11-13T12:00:00Z', to: '2026-11-14T12:00:00Z', window: { every: 'PT12H' } });
    expect(await published()).toEqual(['11-14/11-15', '11-13T12:00/11-14']);
    expect(waits).toEqual([]);
  });

  it('cuts days of 23, 24 and 25 hours where the clocks of the zone change', async () => {
    const { fill, messages, time } = await setUp({ window: { time_zone: 'Europe/Berlin' } });
    time.now = at('2026-10-28T00:35:00Z');
    await fill({ from: '2026-10-24T00:00:00Z', to: '2026-10-26T12:00:00Z' });
    expect((await messages()).map(({ subject }) => subject)).toEqual([
      '2026-10-23T22:00:00Z/2026-10-24T22:00:00Z',
      '2026-10-24T22:00:00Z/2026-10-25T23:00:00Z',
      '2026-10-25T23:00:00Z/2026-10-26T23:00:00Z',
    ]);
  });

  it('serves windows of a quarter of an hour', async () => {
    const { fill, published } = await setUp({ window: { every: 'PT15M' } });
    const report = await fill({ from: '2026-11-21T23:20:00Z', to: '2026-11-22T00:05:00Z' });
    expect(report.published).toBe(4);
    expect(await published()).toEqual([
      '11-21T23:15/11-21T23:30',
      '11-21T23:30/11-21T23:45',
      '11-21T23:45/11-22',
      '11-22/11-22T00:15',
    ]);
  });

  it('makes later runs look after its windows, although coverage begins after them, and begins no coverage', async () => {
    const { fill, stored, sweep, pass, rows, emulator, published } = await setUp();
    await fill({ to: '2026-11-15T00:00:00Z' });
    expect(await stored()).toHaveProperty('lookbackFrom', at('2026-11-13T00:00:00Z'));
    expect(await stored()).not.toHaveProperty('coveredFrom');
    expect(await stored()).not.toHaveProperty('openBackfills');
    emulator.failTask(emulator.tasks()[0]?.id ?? '', 'no disk');
    pass({ hours: 1 });
    await sweep();
    expect(await rows()).toEqual(['11-13/11-14 published', '11-14/11-15 confirmed', '11-22/11-23 published']);
    expect(await published()).toEqual(['11-13/11-14', '11-14/11-15', '11-22/11-23', '11-13/11-14']);
    expect((await stored())?.coveredFrom).toEqual(at('2026-11-22T00:00:00Z'));
  });

  it('has the row that makes runs look after its windows written before it orders the first', async () => {
    const { die, stored, exportCalls } = await setUp();
    await die('api.submit', 1, 'before');
    expect(await stored()).toHaveProperty('lookbackFrom', at('2026-11-13T00:00:00Z'));
    expect(await stored()).toHaveProperty('openBackfills', [
      { start: at(NIGHTLY.from), end: at(NIGHTLY.to) },
    ]);
    expect(exportCalls()).toBe(0);
  });

  it('that is stopped is kept in the row with all of its range, until another has gone through it', async () => {
    const { fill, ports, stored, calendar } = await setUp();
    const stop = new AbortController();
    await fill({ signal: stop.signal, ports: stopAfter(ports(), 4, stop) });
    const range = { start: at(NIGHTLY.from), end: at(NIGHTLY.to) };
    expect((await stored())?.openBackfills).toEqual([range]);
    await calendar();
    expect((await stored())?.openBackfills).toEqual([range]);
    await fill({ to: '2026-11-20T00:00:00Z' });
    expect((await stored())?.openBackfills).toEqual([{ ...range, start: at('2026-11-20T00:00:00Z') }]);
    await fill();
    expect(await stored()).not.toHaveProperty('openBackfills');
  });
});

describe('a backfill over the retention cutoff', () => {
  const OVER = { from: '2026-10-22T00:00:00Z', to: '2026-10-26T00:00:00Z' };

  it('exports what Huawei still has, and reports the rest as lost without writing so', async () => {
    const { fill, published, rows, reported } = await setUp();
    const report = await fill(OVER);
    expect(counts(report)).toMatchObject({ planned: 2, published: 2 });
    expect(report.lost).toEqual([
      { start: '2026-10-22T00:00:00Z', end: '2026-10-23T00:00:00Z' },
      { start: '2026-10-23T00:00:00Z', end: '2026-10-24T00:00:00Z' },
      { start: '2026-10-24T00:00:00Z', end: '2026-10-24T00:40:00Z' },
    ]);
    expect(await published()).toEqual(['10-24T00:40/10-25', '10-25/10-26']);
    expect((await rows()).filter((row) => row.endsWith('lost'))).toEqual([]);
    expect(reported('window_lost').map(({ window }) => short(window))).toEqual(['10-22/10-24T00:40']);
  });

  it('does not call lost what was exported in time, and goes on calling lost what the ledger does', async () => {
    const { fill, calendar, pass } = await setUp();
    await calendar({ start_at: '2026-11-20T00:00:00Z' });
    pass({ hours: 30 * 24 });
    await calendar({ signal: AbortSignal.abort() });
    const range = { from: '2026-11-21T00:00:00Z', to: '2026-11-24T00:00:00Z' };
    const lost = [{ start: '2026-11-23T00:00:00Z', end: '2026-11-23T00:40:00Z' }];
    expect(await fill(range)).toMatchObject({ already_covered: 2, published: 1, lost });
    await calendar();
    expect(await fill(range)).toMatchObject({ already_covered: 3, published: 0, lost });
  });

  it('lists as one what was lost before anybody could care', async () => {
    const { fill } = await setUp({ window: { every: 'PT15M' } });
    const { lost } = await fill({ from: '1970-01-01T00:00:00Z', to: '2026-10-24T00:00:00Z' });
    expect(lost.slice(0, 2)).toEqual([
      { start: '1970-01-01T00:00:00Z', end: '2026-09-24T00:00:00Z' },
      { start: '2026-09-24T00:00:00Z', end: '2026-09-24T00:15:00Z' },
    ]);
    expect(lost).toHaveLength(1 + 30 * 96);
  });
});

describe('what dead runs left', () => {
  it('is done last, when the lease is over, and it is said until when that is', async () => {
    const { fill, die, published, waits, emulator } = await setUp();
    await die('api.submit', 2);
    const report = await fill();
    expect(counts(report)).toMatchObject({ planned: 10, published: 9, already_covered: 1 });
    expect(waits).toEqual(['1 until 2026-11-23T00:41:00Z']);
    expect(await published()).toEqual([
      ...days('11-13', '11-13'),
      ...days('11-15', '11-22'),
      ...days('11-14', '11-14'),
    ]);
    expect(emulator.tasks()).toHaveLength(11);
  });

  it('is published with the task it ordered, when it had got so far', async () => {
    const { fill, die, published, emulator } = await setUp();
    await die('queue.publish', 2, 'before');
    await fill();
    expect([...(await published())].sort()).toEqual(days('11-13', '11-22'));
    expect(emulator.tasks()).toHaveLength(10);
  });

  it('comes in its turn when the lease is over already', async () => {
    const { fill, die, published, passLease, waits } = await setUp();
    await die('queue.publish', 2, 'before');
    passLease();
    await fill();
    expect(waits).toEqual([]);
    expect(await published()).toEqual(days('11-13', '11-22'));
  });

  it('is not called lost when its task exists, although Huawei would export it no more', async () => {
    const { fill, die, pass } = await setUp();
    const range = { from: '2026-11-13T00:00:00Z', to: '2026-11-15T00:00:00Z' };
    await die('queue.publish', 1, 'before');
    pass({ hours: 24 * 40 });
    const { lost } = await fill({ ...range, signal: AbortSignal.abort() });
    expect(lost).toEqual([{ start: '2026-11-14T00:00:00Z', end: '2026-11-15T00:00:00Z' }]);
    expect(await fill(range)).toMatchObject({ published: 1, lost });
  });

  it('counts as exported when the other run was alive and did it meanwhile', async () => {
    const { fill, waits, published, ports } = await setUp();
    const [one, other] = await Promise.all([
      fill({ from: '2026-11-22T00:00:00Z', ports: slow(ports(), 50) }),
      fill({ from: '2026-11-22T00:00:00Z', meanwhile: () => new Promise((done) => setTimeout(done, 80)) }),
    ]);
    expect([one, other].map(({ published }) => published).sort()).toEqual([0, 1]);
    expect([one, other].map(({ already_covered }) => already_covered).sort()).toEqual([0, 1]);
    expect(await published()).toEqual(['11-22/11-23']);
    expect(waits.length).toBeLessThan(20);
  });

  it.each([
    [
      'five minutes later than any can, is waited for',
      '2026-11-23T00:40:00Z',
      ['1 until 2026-11-23T00:46:00Z'],
    ],
    ['later than that, is over: it is of a clock that was ahead', '2026-11-23T00:40:01Z', []],
  ])('and holds with a lease that ends %s', async (_, diedAt, expected) => {
    const { fill, die, time, waits, emulator, published } = await setUp();
    time.now = at(diedAt);
    await die('ledger.save', 2);
    time.now = at('2026-11-23T00:35:00Z');
    const report = await fill();
    expect(counts(report)).toEqual({
      planned: 10,
      published: 10,
      already_covered: 0,
      deferred: 0,
      confirmed: 0,
    });
    expect(waits).toEqual(expected);
    expect((await published()).sort()).toEqual(days('11-13', '11-22'));
    expect(emulator.tasks()).toHaveLength(10);
  });
});

describe('a backfill that is stopped', () => {
  it('leaves the rest to the next one, and nothing twice', async () => {
    const { fill, published, ports } = await setUp();
    const stop = new AbortController();
    const after = stopAfter(ports(), 4, stop);
    expect(counts(await fill({ signal: stop.signal, ports: after }))).toMatchObject({
      planned: 10,
      published: 4,
      deferred: 6,
    });
    expect(await published()).toEqual(days('11-13', '11-16'));
    expect(counts(await fill())).toMatchObject({ published: 6, already_covered: 4 });
    expect(await published()).toEqual(days('11-13', '11-22'));
  });

  it('while it waits for others ends at once', async () => {
    const { fill, die, waits, published } = await setUp();
    await die('api.submit', 1);
    const stop = new AbortController();
    const report = await fill({ signal: stop.signal, meanwhile: () => stop.abort() });
    expect(counts(report)).toMatchObject({ published: 9, deferred: 1 });
    expect(waits).toHaveLength(1);
    expect(await published()).toHaveLength(9);
  });

  it('before it began has everything left', async () => {
    const { fill, exportCalls } = await setUp();
    expect(counts(await fill({ signal: AbortSignal.abort() }))).toMatchObject({ deferred: 10 });
    expect(exportCalls()).toBe(0);
  });
});

describe('windows that fail', () => {
  it('are reported and not tried again, and the others are exported', async () => {
    const { fill, emulator, published, exportCalls } = await setUp();
    emulator.setScenario({
      steps: [
        { on: 'export', effect: { type: 'pass' } },
        { on: 'export', times: 2, effect: { type: 'forbidden' } },
      ],
    });
    const report = await fill();
    expect(report).toMatchObject({
      planned: 10,
      published: 8,
      failed: [
        { kind: 'refused', window: { start: '2026-11-14T00:00:00Z' } },
        { kind: 'refused', window: { start: '2026-11-15T00:00:00Z' } },
      ],
    });
    expect(await published()).toEqual([...days('11-13', '11-13'), ...days('11-16', '11-22')]);
    expect(exportCalls()).toBe(10);
    expect(counts(await fill())).toMatchObject({ published: 2, already_covered: 8 });
  });

  it('for a reason that all share end it, and the rest is left', async () => {
    const { fill, secretsPath, exportCalls } = await setUp();
    writeFileSync(secretsPath, '{}');
    const report = await fill();
    expect(report).toMatchObject({ planned: 10, deferred: 9, failed: [{ kind: 'input' }] });
    expect(exportCalls()).toBe(0);
  });

  it('at the queue are reported once, and published with their task by the next backfill', async () => {
    const { fill, ports, emulator } = await setUp();
    const { queue, ...local } = ports();
    const broken = { ...queue, publish: () => Promise.reject(new Error('the disk is full')) };
    const report = await fill({ ports: { ...local, queue: broken } });
    expect(report).toMatchObject({ published: 0, failed: { length: 10 }, deferred: 0 });
    expect(counts(await fill())).toMatchObject({ published: 10 });
    expect(emulator.tasks()).toHaveLength(10);
  });

  it('are all that is reported when the ledger fails, beside what was done before', async () => {
    const { fill, ports, exportCalls } = await setUp();
    const { ledger, ...local } = ports();
    const list: typeof ledger.list = (...asked) =>
      exportCalls() === 0 ? ledger.list(...asked) : Promise.reject(new Error('the disk is gone'));
    const report = await fill({ ports: { ...local, ledger: { ...ledger, list } } });
    expect(report).toMatchObject({
      published: 10,
      failed: [{ message: expect.stringContaining('the disk is gone') }],
    });
  });

  it('to be written to the ledger, again and again, end it', async () => {
    const { fill, ports, waits } = await setUp();
    const { ledger, ...local } = ports();
    const report = await fill({ ports: { ...local, ledger: { ...ledger, save: async () => false } } });
    expect(counts(report)).toMatchObject({ planned: 10, deferred: 10 });
    expect(waits).toHaveLength(2);
  });
});

it('a window that the runs have exhausted is exported once more, as another attempt and another message', async () => {
  const { calendar, pass, fill, emulator, messages } = await setUp({ max_attempts: 2 });
  await calendar();
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    emulator.failTask(emulator.tasks().at(-1)?.id ?? '', 'no disk');
    pass({ minutes: 1 });
    await calendar();
  }
  await calendar();
  expect(emulator.tasks()).toHaveLength(2);
  const report = await fill({ from: '2026-11-22T00:00:00Z' });
  expect(counts(report)).toMatchObject({ planned: 1, published: 1 });
  const all = await messages();
  expect(all.map(({ data }) => [data.attempt, data.window.start])).toEqual([
    [1, '2026-11-22T00:00:00Z'],
    [2, '2026-11-22T00:00:00Z'],
    [3, '2026-11-22T00:00:00Z'],
  ]);
  expect(new Set(all.map(({ id }) => id)).size).toBe(3);
});

function slow(ports: LocalPorts, milliseconds: number): LocalPorts {
  const submit: LocalPorts['api']['submit'] = async (...demanded) => {
    await new Promise((done) => setTimeout(done, milliseconds));
    return ports.api.submit(...demanded);
  };
  return { ...ports, api: { ...ports.api, submit } };
}

function stopAfter(ports: LocalPorts, windows: number, stop: AbortController): LocalPorts {
  let sent = 0;
  const publish: LocalPorts['queue']['publish'] = async (message) => {
    await ports.queue.publish(message);
    sent += 1;
    if (sent === windows) stop.abort();
  };
  return { ...ports, queue: { ...ports.queue, publish } };
}
