import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import type { Target } from '../../../lib/domain/input/target.ts';
import type { TargetRow } from '../../../lib/domain/ledger/target-row.ts';
import type { Instant } from '../../../lib/domain/time/instant.ts';
import type { Span } from '../../../lib/domain/time/spans.ts';
import { beginBackfill, endBackfill } from '../../../lib/exports/backfill/open-backfills.ts';
import { advance } from '../../../lib/exports/coverage/advance-coverage.ts';
import { initCoverage as open } from '../../../lib/exports/coverage/init-coverage.ts';
import { firstOfInterest } from '../../../lib/exports/coverage/target-state.ts';
import type { RunPorts } from '../../../lib/run-ports.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { NOTHING_TO_DO } from '../../support/ledger/assessment.ts';
import { targetRow } from '../../support/ledger/target-rows.ts';
import { at } from '../running-target.ts';

const span = (start: string, end: string): Span => ({
  start: at(`2026-${start}T00:00:00Z`),
  end: at(`2026-${end}T00:00:00Z`),
});
const own = span('11-22', '11-23');
const target = targetAt('http://127.0.0.1:9', { id: 'acme-prod' });

/** A run of the target at the ports' time, with a window of its own. */
async function initCoverage(ports: RunPorts, target: Target, own: Span) {
  const scope = { current: own, now: ports.clock(), isVerified: true };
  return open(ports, target, { scope, stored: await ports.ledger.findTarget(target.id) });
}

const watchFrom = (ports: RunPorts, _: string, start: Instant) =>
  beginBackfill(ports, target, [{ start, end: start.add({ hours: 24 }) }]);

function setUp() {
  const ledger = createSqliteLedger({ file: ':memory:' });
  onTestFinished(() => ledger.close());
  const time = { now: at('2026-11-23T00:35:00Z') };
  const api: RunPorts['api'] = {
    projectOf: () => Promise.reject(),
    submit: () => Promise.reject(),
    listTasks: () => Promise.reject(),
  };
  const queue = { publish: () => Promise.reject() };
  const ports: RunPorts = { ledger, api, queue, clock: () => time.now, observe: () => undefined };
  const stored = () => ledger.findTarget('acme-prod');
  const advanceOver = (row: TargetRow, final: Span[]) => advance(ports, row, { ...NOTHING_TO_DO, final });
  return { ports, ledger, time, stored, advanceOver };
}

const moments = (row: TargetRow | undefined) =>
  [row?.coveredFrom, row?.coveredUntil, row?.lookbackFrom].map((one) => one?.toString().slice(5, 10));

describe('the first scheduled run of a target', () => {
  it('begins coverage with its current window, once', async () => {
    const { ports, stored } = setUp();
    expect(moments(await initCoverage(ports, target, own))).toEqual(['11-22', '11-22', undefined]);
    expect(moments(await initCoverage(ports, target, span('11-25', '11-26')))).toEqual([
      '11-22',
      '11-22',
      undefined,
    ]);
    expect(await stored()).toMatchObject({ version: 1, updatedAt: ports.clock() });
  });

  it('begins it at start_at', async () => {
    const { ports } = setUp();
    const started = { ...target, startAt: at('2026-11-10T00:00:00Z') };
    expect(moments(await initCoverage(ports, started, own))).toEqual(['11-10', '11-10', undefined]);
  });

  it.each([
    ['2026-11-22T23:59:59Z', ['11-22', '11-22', undefined]],
    ['2026-11-23T00:00:00Z', undefined],
    ['2027-01-01T00:00:00Z', undefined],
  ])('with start_at at %s begins %j', async (startAt, expected) => {
    const { ports, stored } = setUp();
    const row = await initCoverage(ports, { ...target, startAt: at(startAt) }, own);
    expect(row && moments(row)).toEqual(expected);
    expect(Boolean(await stored())).toBe(expected !== undefined);
  });

  it('keeps what a backfill before it is watched from', async () => {
    const { ports, stored } = setUp();
    await watchFrom(ports, 'acme-prod', at('2026-11-05T00:00:00Z'));
    expect(moments(await initCoverage(ports, target, own))).toEqual(['11-22', '11-22', '11-05']);
    expect((await stored())?.version).toBe(2);
  });

  it('is one of two that come at once', async () => {
    const { ports, stored } = setUp();
    const rows = await Promise.all(
      [own, span('11-23', '11-24')].map((one) => initCoverage(ports, target, one)),
    );
    expect(moments(rows[0])).toEqual(moments(rows[1]));
    expect((await stored())?.version).toBe(1);
  });

  it('gives up when others keep writing, and says so', async () => {
    const { ports } = setUp();
    const ledger = { ...ports.ledger, saveTarget: () => Promise.resolve(false) };
    await expect(initCoverage({ ...ports, ledger }, target, own)).rejects.toThrow(
      'Could not write the row of target acme-prod: others keep writing it.',
    );
  });
});

describe('a late run, for a time before coverage', () => {
  it('has its window watched, and one after coverage has not', async () => {
    const { ports } = setUp();
    await initCoverage(ports, target, own);
    expect(moments(await initCoverage(ports, target, span('11-22', '11-23')))).toEqual([
      '11-22',
      '11-22',
      undefined,
    ]);
    expect(moments(await initCoverage(ports, target, span('11-20', '11-21')))).toEqual([
      '11-22',
      '11-22',
      '11-20',
    ]);
    expect(moments(await initCoverage(ports, target, span('11-21', '11-22')))).toEqual([
      '11-22',
      '11-22',
      '11-20',
    ]);
  });

  it('has nothing to do before start_at', async () => {
    const { ports, stored } = setUp();
    const started = { ...target, startAt: at('2026-11-22T00:00:00Z') };
    await initCoverage(ports, started, own);
    await initCoverage(ports, started, span('11-20', '11-21'));
    expect(await stored()).not.toHaveProperty('lookbackFrom');
  });
});

describe('what lies before the first window of interest', () => {
  const first = (row: Partial<TargetRow>, others: Instant[] = []) => {
    const { coveredFrom: _, coveredUntil: __, ...bare } = targetRow();
    return firstOfInterest({ ...bare, ...row }, others)
      ?.toString()
      .slice(5, 10);
  };
  const [a, b, c] = ['11-01', '11-02', '11-03'].map((day) => at(`2026-${day}T00:00:00Z`)) as [
    Instant,
    Instant,
    Instant,
  ];

  it('is covered, not watched, and not asked for', () => {
    expect(first({ coveredUntil: b })).toBe('11-02');
    expect(first({ coveredUntil: b, lookbackFrom: a })).toBe('11-01');
    expect(first({ coveredUntil: b, lookbackFrom: c })).toBe('11-02');
    expect(first({ coveredUntil: c, lookbackFrom: b }, [a])).toBe('11-01');
    expect(first({ lookbackFrom: b })).toBe('11-02');
  });

  it('is everything when coverage has not started and nothing is watched', () => {
    expect(first({})).toBeUndefined();
  });
});

describe('a backfill', () => {
  it('is noted with its range, and watched from its start, unless that is looked after already', async () => {
    const { ports, stored } = setUp();
    for (const [day, expected] of [
      ['11-10', '11-10'],
      ['11-12', '11-10'],
      ['11-08', '11-08'],
    ]) {
      await watchFrom(ports, 'acme-prod', at(`2026-${day}T00:00:00Z`));
      expect(moments(await stored())[2]).toBe(expected);
    }
    const ranges = [span('11-08', '11-09'), span('11-10', '11-11'), span('11-12', '11-13')];
    expect((await stored())?.openBackfills).toEqual(ranges);
    expect((await stored())?.version).toBe(3);
    await watchFrom(ports, 'acme-prod', at('2026-11-10T00:00:00Z'));
    expect((await stored())?.version).toBe(3);
  });

  it('that is through is forgotten, as far as its range goes', async () => {
    const { ports, stored } = setUp();
    const range = span('11-10', '11-15');
    await beginBackfill(ports, target, [range]);
    expect((await stored())?.openBackfills).toEqual([range]);
    await endBackfill(ports, target, [span('11-10', '11-12')]);
    expect((await stored())?.openBackfills).toEqual([span('11-12', '11-15')]);
    await endBackfill(ports, target, [range]);
    expect(await stored()).not.toHaveProperty('openBackfills');
  });

  it('after what is covered needs no watching', async () => {
    const { ports, stored } = setUp();
    await initCoverage(ports, target, own);
    await watchFrom(ports, 'acme-prod', own.start);
    expect(moments(await stored())).toEqual(['11-22', '11-22', undefined]);
    await watchFrom(ports, 'acme-prod', own.start.subtract({ seconds: 1 }));
    expect(moments(await stored())).toEqual(['11-22', '11-22', '11-21']);
  });
});

describe('coverage', () => {
  async function opened() {
    const set = setUp();
    const row = await initCoverage(set.ports, target, span('11-10', '11-11'));
    if (!row) throw new Error('it was opened');
    const coveredAfter = async (final: Span[]) =>
      moments(await set.advanceOver((await set.stored()) ?? row, final))[1];
    return { ...set, row, coveredAfter };
  }

  it('moves on over what is final without a gap, and over nothing behind one', async () => {
    const { coveredAfter } = await opened();
    expect(await coveredAfter([])).toBe('11-10');
    expect(await coveredAfter([span('11-11', '11-12')])).toBe('11-10');
    expect(await coveredAfter([span('11-10', '11-12'), span('11-13', '11-15')])).toBe('11-12');
    expect(await coveredAfter([span('11-13', '11-15')])).toBe('11-12');
    expect(await coveredAfter([span('11-01', '11-05'), span('11-11', '11-14')])).toBe('11-14');
  });

  it('never goes back', async () => {
    const { coveredAfter } = await opened();
    await coveredAfter([span('11-10', '11-20')]);
    for (const final of [[], [span('11-10', '11-15')], [span('11-01', '11-20')], [span('11-21', '11-22')]])
      expect(await coveredAfter(final)).toBe('11-20');
  });

  it('is not set back by a run that looked before another wrote', async () => {
    const { advanceOver, stored, row } = await opened();
    await advanceOver(row, [span('11-10', '11-20')]);
    expect(moments(await advanceOver(row, [span('11-10', '11-15')]))[1]).toBe('11-10');
    expect(moments(await stored())[1]).toBe('11-20');
  });

  it('that stays where it is writes nothing', async () => {
    const { advanceOver, stored, row } = await opened();
    await advanceOver(row, [span('11-01', '11-10')]);
    expect((await stored())?.version).toBe(1);
  });

  it('has no longer to be watched before, once nothing more can become of it', async () => {
    const { ports, advanceOver, stored, time } = await opened();
    const start = at('2026-11-01T00:00:00Z');
    await watchFrom(ports, 'acme-prod', start);
    await endBackfill(ports, target, [span('11-01', '11-02')]);
    const afterwards = async (hours: number) => {
      time.now = start.add({ hours });
      const row = await stored();
      return row && moments(await advanceOver(row, []))[2];
    };
    expect(await afterwards(31 * 24 - 1)).toBe('11-01');
    expect(await afterwards(31 * 24)).toBeUndefined();
    expect(moments(await stored())).toEqual(['11-10', '11-10', undefined]);
  });

  it('is watched before as long as something may become of a window there, by no other row of the same time', async () => {
    const { ports, stored, time } = await opened();
    await watchFrom(ports, 'acme-prod', at('2026-11-01T00:00:00Z'));
    await endBackfill(ports, target, [span('11-01', '11-02')]);
    time.now = at('2027-01-20T00:00:00Z');
    const seen = { ...NOTHING_TO_DO, final: [span('11-01', '11-02')] };
    const afterwards = async (notFinal: Span[]) => {
      const row = await stored();
      return row && moments(await advance(ports, row, { ...seen, notFinal }))[2];
    };
    expect(await afterwards([span('11-01', '11-03'), span('11-10', '11-11')])).toBe('11-02');
    expect(await afterwards([span('11-01', '11-02'), span('11-10', '11-11')])).toBeUndefined();
  });

  it('of a target with a backfill alone does not begin', async () => {
    const { ports, advanceOver, stored } = setUp();
    await watchFrom(ports, 'acme-prod', own.start);
    const row = await stored();
    expect(row && moments(await advanceOver(row, [own]))).toEqual([undefined, undefined, '11-22']);
  });
});
