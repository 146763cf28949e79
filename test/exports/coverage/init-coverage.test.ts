import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Target } from '../../../lib/domain/input/target.ts';
import { contentOf, type TargetContent, type TargetRow } from '../../../lib/domain/ledger/target-row.ts';
import { type Instant, isAfter } from '../../../lib/domain/time/instant.ts';
import { oldestExportable } from '../../../lib/domain/time/retention.ts';
import { beforeRetention, previewInit, type RunScope } from '../../../lib/exports/coverage/init-coverage.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { targetRow } from '../../support/ledger/target-rows.ts';

const at = (text: string) =>
  Temporal.Instant.from(text.includes('T') ? `2026-${text}:00Z` : `2026-${text}T00:00:00Z`);
const NOW = at('11-23T00:35');
const EDGE = oldestExportable(NOW);
const CURRENT = { start: at('11-22'), end: at('11-23') };
const FIVE_MINUTES = { minutes: 5 };
const HOST = 'http://127.0.0.1:9';
const BOUND = { region: 'ap-southeast-3', isLoopback: true };

const target = (startAt?: Instant): Target => targetAt(HOST, startAt ? { start_at: startAt.toString() } : {});
const run = (more: Partial<RunScope> = {}): RunScope => ({
  current: CURRENT,
  now: NOW,
  isVerified: true,
  ...more,
});

function row({ coveredFrom, coveredUntil, ...more }: Partial<TargetContent>): TargetRow {
  const { coveredFrom: _, coveredUntil: __, ...none } = targetRow(BOUND);
  return {
    ...none,
    ...(coveredFrom ? { coveredFrom } : {}),
    ...(coveredUntil ? { coveredUntil } : {}),
    ...more,
  };
}

/** What of the row is about coverage. */
function covered(content: TargetContent | undefined) {
  if (!content) return undefined;
  const { region: _, isLoopback: __, projectId: ___, ...rest } = content;
  return rest;
}

describe('coverage begins', () => {
  it('with the current window of the first run, and the row says of which project it is', () => {
    expect(previewInit(undefined, target(), run())).toEqual({
      ...BOUND,
      coveredFrom: CURRENT.start,
      coveredUntil: CURRENT.start,
    });
  });

  it.each([
    ['at an earlier start_at', at('11-10T12:00'), at('11-10T12:00')],
    ['with the current window, where start_at lies in that', at('11-22T12:00'), CURRENT.start],
    ['where Huawei still has records, after a start_at of long ago', at('01-01'), EDGE],
  ])('%s', (_, startAt, coveredFrom) => {
    expect(covered(previewInit(undefined, target(startAt), run()))).toEqual({
      coveredFrom,
      coveredUntil: coveredFrom,
    });
  });

  it('not before start_at has come, and nothing is kept of the target until then', () => {
    expect(previewInit(undefined, target(CURRENT.end), run())).toBeUndefined();
    expect(previewInit(undefined, target(at('12-24')), run())).toBeUndefined();
  });

  it('not by a sweep of a schedule that is not known to have fired', () => {
    const { current: _, ...rest } = run();
    expect(previewInit(undefined, target(), { ...rest, current: undefined })).toBeUndefined();
    const backfilled = row({ lookbackFrom: at('11-01') });
    expect(previewInit(backfilled, target(), { ...rest, current: undefined })).toEqual(contentOf(backfilled));
  });

  it('where nobody says what time it is, with the current window alone; a run that knows it goes back to start_at', () => {
    const unknown = previewInit(undefined, target(at('11-10')), run({ isVerified: false }));
    expect(covered(unknown)).toEqual({
      coveredFrom: CURRENT.start,
      coveredUntil: CURRENT.start,
      unverifiedAt: NOW,
    });
    const later = previewInit(row({ ...unknown }), target(at('11-10')), run());
    expect(covered(later)).toEqual({ coveredFrom: at('11-10'), coveredUntil: at('11-10') });
  });
});

describe('where coverage has started', () => {
  const started = row({ coveredFrom: at('11-15'), coveredUntil: at('11-22') });

  it('an earlier start_at goes back to it, as far as Huawei has records', () => {
    expect(covered(previewInit(started, target(at('11-01')), run()))).toEqual({
      coveredFrom: at('11-01'),
      coveredUntil: at('11-01'),
    });
    expect(covered(previewInit(started, target(at('02-01')), run()))).toEqual({
      coveredFrom: EDGE,
      coveredUntil: EDGE,
    });
  });

  it('a start_at that Huawei has no records of any more changes nothing, nor does a later one, or none', () => {
    const old = row({ coveredFrom: EDGE.subtract({ hours: 24 }), coveredUntil: at('11-22') });
    expect(previewInit(old, target(at('02-01')), run())).toEqual(contentOf(old));
    for (const startAt of [at('11-15'), at('11-20'), at('12-24'), undefined])
      expect(previewInit(started, target(startAt), run())).toEqual(contentOf(started));
  });

  it('a late run for a time before it has its current window watched, unless start_at is the border', () => {
    const late = run({ current: { start: at('11-10'), end: at('11-11') } });
    expect(covered(previewInit(started, target(), late))).toEqual({
      ...covered(contentOf(started)),
      lookbackFrom: at('11-10'),
    });
    expect(previewInit(started, target(at('11-15')), late)).toEqual(contentOf(started));
  });
});

describe('what a clock that was ahead has done', () => {
  const coveredFrom = at('11-01');

  it.each([
    ['coverage in the future', { coveredUntil: NOW.add(FIVE_MINUTES).add({ nanoseconds: 1 }) }, true],
    ['coverage up to what another clock may call now', { coveredUntil: NOW.add(FIVE_MINUTES) }, false],
    ['losses that Huawei still has', { lostUntil: EDGE.add(FIVE_MINUTES).add({ nanoseconds: 1 }) }, true],
    ['losses at the cutoff', { lostUntil: EDGE.add(FIVE_MINUTES) }, false],
  ])('is undone, where it is that: %s', (_, change, isUndone) => {
    const found = row({ coveredFrom, coveredUntil: at('11-20'), ...change });
    const seen = covered(previewInit(found, target(), run()));
    if (!isUndone) return expect(seen).toEqual(covered(contentOf(found)));
    const { lostUntil } = found;
    // Coverage began within the 30 days here, so nothing before it is looked at.
    expect(seen).toEqual({
      coveredFrom,
      coveredUntil: coveredFrom,
      ...(lostUntil ? { lostUntil: EDGE } : {}),
    });
  });

  it('is looked at from the cutoff on, where coverage began before that', () => {
    const old = at('09-01');
    const found = row({ coveredFrom: old, coveredUntil: at('12-24'), lostUntil: at('11-20') });
    expect(covered(previewInit(found, target(), run()))).toEqual({
      coveredFrom: old,
      coveredUntil: EDGE,
      lostUntil: EDGE,
    });
    const behind = row({ coveredFrom: old, coveredUntil: at('09-20'), lostUntil: at('11-20') });
    expect(covered(previewInit(behind, target(), run()))?.coveredUntil).toEqual(at('09-20'));
  });

  it('and a beginning in the future is no beginning: coverage begins with the oldest that Huawei has', () => {
    const found = row({ coveredFrom: at('12-24'), coveredUntil: at('12-25'), lastFiring: at('12-25') });
    expect(covered(previewInit(found, target(), run()))).toEqual({
      coveredFrom: EDGE,
      coveredUntil: EDGE,
      lastFiring: NOW,
    });
    expect(covered(previewInit(found, target(at('11-10')), run()))?.coveredFrom).toEqual(at('11-10'));
  });

  it('and a sweep that stands for no firing leaves that to the next run', () => {
    const found = row({ coveredFrom: at('12-24'), coveredUntil: at('12-25') });
    const left = previewInit(found, target(), { ...run(), current: undefined });
    expect(covered(left)).toEqual({ unverifiedAt: NOW });
    expect(covered(previewInit(row({ ...left }), target(), run()))).toEqual({
      coveredFrom: EDGE,
      coveredUntil: EDGE,
    });
  });

  describe('by a beginning that only our own clock vouches for', () => {
    const coveredFrom = at('11-20');
    const checked = (unverifiedAt: Instant, more: Partial<RunScope> = {}) =>
      covered(
        previewInit(row({ coveredFrom, coveredUntil: coveredFrom, unverifiedAt }), target(), run(more)),
      );

    it('is nothing, where our clock is right now and has gone on as it does between runs', () => {
      for (const hours of [0, 1, 26])
        expect(checked(NOW.subtract({ hours }))).toEqual({ coveredFrom, coveredUntil: coveredFrom });
      expect(checked(NOW.add(FIVE_MINUTES))).toEqual({ coveredFrom, coveredUntil: coveredFrom });
    });

    it.each([
      ['our clock is off now', NOW, { aheadSeconds: 301 }],
      ['our clock was set back since', NOW.add({ minutes: 6 }), {}],
      ['our clock was set forward since, or nothing ran for long', NOW.subtract({ hours: 27 }), {}],
    ])('is fixed where %s: coverage begins with the oldest that Huawei has', (_, unverifiedAt, more) => {
      expect(checked(unverifiedAt, more)).toEqual({ coveredFrom: EDGE, coveredUntil: EDGE });
    });

    it('stays open until a run knows the time, by the furthest that our clock has been', () => {
      expect(checked(at('12-03'), { isVerified: false })).toEqual({
        coveredFrom,
        coveredUntil: coveredFrom,
        unverifiedAt: at('12-03'),
      });
      expect(checked(NOW.subtract({ hours: 26 }), { isVerified: false })?.unverifiedAt).toEqual(NOW);
      // One that jumped ahead is never right again by what it says now.
      const before = NOW.subtract({ hours: 27 });
      expect(checked(before, { isVerified: false })?.unverifiedAt).toEqual(before);
    });
  });

  it('stays where nobody says what time it is', () => {
    const found = row({
      coveredFrom,
      coveredUntil: at('12-24'),
      lostUntil: at('12-01'),
      lastFiring: at('12-24'),
    });
    expect(previewInit(found, target(), run({ isVerified: false }))).toEqual(contentOf(found));
  });
});

describe('the newest firing', () => {
  const started = row({ coveredFrom: at('11-15'), coveredUntil: at('11-22') });
  const firing = (lastFiring: Instant | undefined, firedAt: Instant | undefined) =>
    previewInit(lastFiring ? { ...started, lastFiring } : started, target(), run({ firedAt }))?.lastFiring;

  it('is kept, of two the later, and of one to come no more than now', () => {
    expect(firing(undefined, undefined)).toBeUndefined();
    expect(firing(undefined, NOW)).toEqual(NOW);
    expect(firing(at('11-22'), undefined)).toEqual(at('11-22'));
    expect(firing(at('11-22'), at('11-21'))).toEqual(at('11-22'));
    expect(firing(at('11-22'), NOW)).toEqual(NOW);
    expect(firing(at('12-22'), at('11-21'))).toEqual(NOW);
  });
});

const hours = fc.integer({ min: -80 * 24, max: 3 * 24 }).map((count) => NOW.add({ hours: count }));
const stored = fc
  .record({
    first: hours,
    second: hours,
    lostUntil: fc.option(hours, { nil: undefined }),
    unverifiedAt: fc.option(hours, { nil: undefined }),
  })
  .map(({ first, second, lostUntil, unverifiedAt }) => {
    const [coveredFrom, coveredUntil] = isAfter(first, second) ? [second, first] : [first, second];
    const more = { ...(lostUntil ? { lostUntil } : {}), ...(unverifiedAt ? { unverifiedAt } : {}) };
    return row({ coveredFrom, coveredUntil, ...more });
  });

describe('whatever is stored and asked for', () => {
  const asked = fc.record({ startAt: fc.option(hours, { nil: undefined }), isVerified: fc.boolean() });

  it('coverage begins no later than it did, and never after it ends', () => {
    fc.assert(
      fc.property(stored, asked, (found, { startAt, isVerified }) => {
        fc.pre(found.coveredFrom !== undefined && !isAfter(found.coveredFrom, NOW.add(FIVE_MINUTES)));
        fc.pre(found.unverifiedAt === undefined || !isVerified);
        const { coveredFrom, coveredUntil } = previewInit(found, target(startAt), run({ isVerified })) ?? {};
        expect(coveredFrom && !isAfter(coveredFrom, found.coveredFrom ?? coveredFrom)).toBe(true);
        expect(coveredFrom && coveredUntil && !isAfter(coveredFrom, coveredUntil)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('a second run at the same moment changes nothing', () => {
    fc.assert(
      fc.property(stored, asked, (found, { startAt, isVerified }) => {
        const once = previewInit(found, target(startAt), run({ isVerified }));
        const { version, writeId, updatedAt, targetId } = found;
        const written = once && { ...once, version, writeId, updatedAt, targetId };
        expect(previewInit(written, target(startAt), run({ isVerified }))).toEqual(once);
      }),
      { numRuns: 1_000 },
    );
  });
});

it('what start_at asks for and coverage does not reach is what lies before coverage', () => {
  expect(beforeRetention(target(at('10-01')), EDGE)).toEqual({ start: at('10-01'), end: EDGE });
  expect(beforeRetention(target(EDGE), EDGE)).toBeUndefined();
  expect(beforeRetention(target(at('11-01')), EDGE)).toBeUndefined();
  expect(beforeRetention(target(), EDGE)).toBeUndefined();
  expect(beforeRetention(target(at('10-01')), undefined)).toBeUndefined();
});
