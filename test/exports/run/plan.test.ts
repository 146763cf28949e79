import { describe, expect, it } from 'vitest';
import type { Target } from '../../../lib/domain/input/target.ts';
import type { TargetRow } from '../../../lib/domain/ledger/target-row.ts';
import type { Span } from '../../../lib/domain/time/spans.ts';
import {
  coveredSpans,
  currentWindow,
  dueSpans,
  isBeforeCoverage,
} from '../../../lib/exports/coverage/due.ts';
import type { Assessment } from '../../../lib/exports/coverage/gaps.ts';
import { alreadyHandled } from '../../../lib/exports/run/passes.ts';
import { planOf } from '../../../lib/exports/run/plan.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { NOTHING_TO_DO } from '../../support/ledger/assessment.ts';
import { targetRow } from '../../support/ledger/target-rows.ts';
import { at, short } from '../running-target.ts';

const targetWith = (settings: Record<string, unknown> = {}) => targetAt('http://127.0.0.1:9', settings);
const target = targetWith();
const scheduledTime = at('2026-11-23T00:35:00Z');
const span = (start: string, end: string): Span => {
  const of = (text: string) => at(`2026-${text}${text.includes('T') ? ':00Z' : 'T00:00:00Z'}`);
  return { start: of(start), end: of(end) };
};
const own = span('11-22', '11-23');

const planned = (seen: Partial<Assessment>, of: Target = target, now = scheduledTime) =>
  planOf({ target: of, scheduledTime }, { ...NOTHING_TO_DO, ...seen }, now).map(
    ({ window, reason }) => `${short(window)} ${reason}`,
  );

describe('the current window of a run', () => {
  it.each([
    ['2026-11-23T00:30:00Z', '11-22/11-23'],
    ['2026-11-23T00:29:59Z', '11-21/11-22'],
    ['2026-11-24T00:29:59Z', '11-22/11-23'],
  ])('for %s is %s', (time, expected) => {
    expect(short(currentWindow({ target, scheduledTime: at(time) }))).toBe(expected);
  });
});

describe('a run of the calendar', () => {
  it('orders every gap: its current window first, as routine, and the others as catch-up, oldest first', () => {
    const gaps = [span('11-15', '11-17'), span('11-20', '11-23')];
    expect(planned({ gaps })).toEqual([
      '11-22/11-23 routine',
      '11-15/11-16 catch-up',
      '11-16/11-17 catch-up',
      '11-20/11-21 catch-up',
      '11-21/11-22 catch-up',
    ]);
  });

  it('orders what is at risk before its current window, the oldest first', () => {
    const gaps = [span('10-24T01:00', '10-26'), span('11-20', '11-23')];
    expect(planned({ gaps })).toEqual([
      '10-24T01:00/10-25 catch-up',
      '10-25/10-26 catch-up',
      '11-22/11-23 routine',
      '11-20/11-21 catch-up',
      '11-21/11-22 catch-up',
    ]);
  });

  it('orders its current window in its turn where all is at risk', () => {
    const lastRun = targetWith({ schedule: 'cron(35 0 23 11 ? 2026)' });
    expect(planned({ gaps: [span('11-20', '11-24')] }, lastRun)).toEqual([
      '11-20/11-21 catch-up',
      '11-21/11-22 catch-up',
      '11-22/11-23 routine',
      '11-23/11-24 catch-up',
    ]);
  });

  it('takes any part of its current window for routine, and nothing that only touches it', () => {
    const gaps = [
      span('11-21T12:00', '11-22'),
      span('11-22T06:00', '11-22T12:00'),
      span('11-23', '11-23T06:00'),
    ];
    expect(planned({ gaps })).toEqual([
      '11-22T06:00/11-22T12:00 routine',
      '11-21T12:00/11-22 catch-up',
      '11-23/11-23T06:00 catch-up',
    ]);
  });

  it('orders nothing that was exhausted', () => {
    const gaps = [span('11-20', '11-23')];
    expect(planned({ gaps, exhausted: [span('11-21', '11-22')] })).toEqual([
      '11-22/11-23 routine',
      '11-20/11-21 catch-up',
    ]);
  });

  it('orders nothing that is past the cutoff, in hand, kept to be published, or final', () => {
    expect(
      planned({
        pastCutoff: [own],
        final: [own],
        leased: [{ window: own, until: scheduledTime }],
      }),
    ).toEqual([]);
  });

  it('cuts as the settings now are', () => {
    const gaps = [span('11-22T03:00', '11-22T13:00')];
    expect(planned({ gaps }, targetWith({ window: { every: 'PT6H' } }))).toEqual([
      '11-22T03:00/11-22T06:00 catch-up',
      '11-22T06:00/11-22T12:00 catch-up',
      '11-22T12:00/11-22T13:00 catch-up',
    ]);
  });
});

describe('what is due', () => {
  const row = targetRow({
    coveredFrom: at('2026-11-10T00:00:00Z'),
    coveredUntil: at('2026-11-20T00:00:00Z'),
  });
  const { coveredFrom: _, coveredUntil: __, ...unopened }: TargetRow = row;
  const due = (of: Target, given: TargetRow | undefined, window: Span) =>
    dueSpans(of, given, window).map(short);

  it('is all from where coverage ends to the end of the current window', () => {
    expect(due(target, row, own)).toEqual(['11-20/11-23']);
  });

  it('is nothing before coverage has started', () => {
    expect(due(target, undefined, own)).toEqual([]);
    expect(due(target, unopened, own)).toEqual([]);
  });

  it('is also the current window of a run that comes late, for a time before coverage', () => {
    expect(due(target, row, span('11-08', '11-09'))).toContain('11-08/11-09');
    expect(due(target, row, span('11-10', '11-11'))).not.toContain('11-10/11-11');
  });

  it('is nothing before start_at', () => {
    const started = targetWith({ start_at: '2026-11-10T00:00:00Z' });
    expect(due(started, row, span('11-08', '11-09'))).not.toContain('11-08/11-09');
    expect(isBeforeCoverage(started, at('2026-11-10T00:00:00Z'), span('11-08', '11-09'))).toBe(false);
  });

  it('is not what the record says is covered', () => {
    expect(coveredSpans(row).map(short)).toEqual(['11-10/11-20']);
    expect(coveredSpans({})).toEqual([]);
  });
});

// Of lib/exports: window/jobs.ts.
describe('what a run finds taken care of', () => {
  const taken = (seen: Partial<Assessment>) =>
    alreadyHandled({ target, scheduledTime }, { ...NOTHING_TO_DO, ...seen }).map(
      ({ window, result }) => `${short(window)} ${result.outcome}`,
    );
  const unpublished = {
    targetId: 'acme',
    window: own,
    filtersDigest: '0',
    state: 'submitted',
    reason: 'routine',
    attempt: 1,
    orphans: 0,
    series: 'calendar',
  } as const;

  it('is its current window, when it has nothing to do about any part of it', () => {
    expect(taken({ gaps: [span('11-20', '11-22')] })).toEqual(['11-22/11-23 covered']);
    expect(taken({ final: [own] })).toEqual(['11-22/11-23 covered']);
  });

  it.each<[string, Partial<Assessment>]>([
    ['a gap', { gaps: [span('11-22T12:00', '11-22T13:00')] }],
    ['pastCutoff', { pastCutoff: [span('11-22', '11-22T01:00')] }],
    ['kept to be published', { unpublished: [unpublished] }],
  ])('is not its current window while a part of it is %s', (_, seen) => {
    expect(taken(seen)).toEqual([]);
  });

  it('is what other runs have in their hands, which is left to them', () => {
    const leased = [span('11-20', '11-21'), own].map((window) => ({ window, until: scheduledTime }));
    expect(taken({ leased })).toEqual(['11-20/11-21 deferred', '11-22/11-23 deferred']);
  });

  it('is both, where another run is behind with older windows', () => {
    const leased = [{ window: span('11-20', '11-21'), until: scheduledTime }];
    expect(taken({ leased })).toEqual(['11-20/11-21 deferred', '11-22/11-23 covered']);
  });
});
