import { describe, expect, it } from 'vitest';
import type { CoverageEvent, RunEvent } from '../../../lib/domain/exports/run-events.ts';
import type { Span } from '../../../lib/domain/time/spans.ts';
import { hoursLeft, windowsAtRisk } from '../../../lib/exports/coverage/at-risk.ts';
import { assessCoverage } from '../../../lib/exports/coverage/gaps.ts';
import { reportCoverage } from '../../../lib/exports/coverage/report-coverage.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { targetRow } from '../../support/ledger/target-rows.ts';
import { at, short } from '../running-target.ts';

const targetWith = (settings: Record<string, unknown> = {}) => targetAt('http://127.0.0.1:9', settings);
const span = (start: string, end: string): Span => ({ start: at(start), end: at(end) });
const gapsOf = (...gaps: Span[]) =>
  assessCoverage({
    target: targetWith(),
    entries: [],
    due: gaps,
    dueUntil: undefined,
    now: at('2026-10-20T00:00:00Z'),
  });

const NIGHTLY = { schedule: 'cron(35 0 * * ? *)' };
const HOURLY = { schedule: 'rate(1 hour)', window: { every: 'PT1H' } };
const WEEKLY = { schedule: 'cron(35 0 ? * MON *)' };
const NEVER_AGAIN = { schedule: 'cron(0 0 1 1 ? 2025)' };
const day = span('2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z');
const hours = span('2026-11-01T00:00:00Z', '2026-11-01T02:00:00Z');

describe('a gap is at risk', () => {
  // The window of 11-01 can be asked for until 11-30T23:55; 2026-11-30 is a Monday.
  it.each([
    ['nightly, while a run comes in time', NIGHTLY, '2026-11-30T00:34:59Z', []],
    ['nightly, from the last run in time on', NIGHTLY, '2026-11-30T00:35:00Z', ['11-01/11-02']],
    [
      'nightly in a zone of its own',
      { ...NIGHTLY, schedule_time_zone: 'Asia/Tokyo' },
      '2026-11-30T00:35:00Z',
      [],
    ],
    ['hourly, while a run comes in time', HOURLY, '2026-11-30T22:55:00Z', []],
    ['hourly, when none does', HOURLY, '2026-11-30T22:55:01Z', ['11-01/11-01T01:00']],
    ['hourly, both of two', HOURLY, '2026-11-30T23:55:01Z', ['11-01/11-01T01:00', '11-01T01:00/11-01T02:00']],
    ['weekly, while a run comes in time', WEEKLY, '2026-11-30T00:34:00Z', []],
    ['weekly, from the last run in time on', WEEKLY, '2026-11-30T00:36:00Z', ['11-01/11-02']],
    ['weekly, long before', WEEKLY, '2026-11-22T00:00:00Z', []],
    ['when no run comes any more', NEVER_AGAIN, '2026-11-03T00:00:00Z', ['11-01/11-02']],
  ])('%s', (_, settings, now, expected) => {
    const gap = settings === HOURLY ? hours : day;
    expect(windowsAtRisk(targetWith(settings), gapsOf(gap), at(now)).map(short)).toEqual(expected);
  });

  it('never where there is none', () => {
    expect(windowsAtRisk(targetWith(NEVER_AGAIN), gapsOf(), at('2026-11-30T00:35:00Z'))).toEqual([]);
  });
});

describe('the hours left', () => {
  it.each([
    ['2026-11-02T00:30:00Z', 29 * 24 - 0.5],
    ['2026-11-30T00:35:00Z', 24 - 35 / 60],
    ['2026-11-30T23:54:00Z', 0.1],
    ['2026-12-01T00:00:00Z', 0],
    ['2026-12-05T00:00:00Z', 0],
  ])('at %s are %d, until the first second of the oldest gap is lost', (now, expected) => {
    const later = span('2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z');
    expect(hoursLeft([day, later], at(now))).toBe(expected);
  });

  it('are all of the 30 days when there is no gap', () => {
    expect(hoursLeft([], at('2026-11-30T00:35:00Z'))).toBe(720);
  });
});

describe('what is reported of a target', () => {
  const reported = async (coveredUntil: string | undefined, now: string) => {
    const events: RunEvent[] = [];
    const { coveredUntil: _, ...bare } = targetRow();
    const row = coveredUntil ? { ...bare, coveredUntil: at(coveredUntil) } : bare;
    const observe = (event: RunEvent) => void events.push(event);
    const ports = { clock: () => at(now), observe } as Parameters<typeof reportCoverage>[0];
    await reportCoverage(ports, targetWith(NIGHTLY), { row, seen: gapsOf(day) });
    return events as CoverageEvent[];
  };

  it('is how far it is covered, how old that is, and what can still be saved', async () => {
    expect(await reported('2026-11-01T00:00:00Z', '2026-11-30T12:00:00Z')).toEqual([
      {
        type: 'target_assessed',
        targetId: 'acme',
        coveredUntil: day.start,
        ageSeconds: 29.5 * 24 * 3600,
        unconfirmed: 0,
        longUnconfirmed: 0,
        atRisk: [day],
        hoursLeft: 12,
      },
    ]);
  });

  it('is no age below nothing where coverage is ahead of our clock', async () => {
    expect(await reported('2026-11-02T00:00:00Z', '2026-11-01T23:00:00Z')).toMatchObject([{ ageSeconds: 0 }]);
  });

  it('is, before coverage has started, what a backfill left that can still be saved', async () => {
    expect(await reported(undefined, '2026-11-30T12:00:00Z')).toEqual([
      {
        type: 'target_assessed',
        targetId: 'acme',
        unconfirmed: 0,
        longUnconfirmed: 0,
        atRisk: [day],
        hoursLeft: 12,
      },
    ]);
  });
});
