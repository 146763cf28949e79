import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlertExport,
  entryOf,
  type WindowEntry,
  type WindowState,
} from '../../../lib/domain/ledger/window-row.ts';
import { type Instant, isAfter } from '../../../lib/domain/time/instant.ts';
import { oldestExportable } from '../../../lib/domain/time/retention.ts';
import {
  from,
  intersection,
  type Span,
  union,
  before as upTo,
  without,
} from '../../../lib/domain/time/spans.ts';
import { atRisk } from '../../../lib/exports/coverage/at-risk.ts';
import { assessCoverage } from '../../../lib/exports/coverage/gaps.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { FULL_FAILURE, taskMessage, windowRow } from '../../support/ledger/window-rows.ts';
import { cpuMilliseconds } from '../../support/process/cpu-time.ts';
import { at, short } from '../running-target.ts';

const now = at('2026-11-23T00:35:00Z');
const target = targetAt('http://127.0.0.1:9');
const message = taskMessage();
const publishedAt = now.subtract({ hours: 1 });
const over = now.subtract({ seconds: 1 });
const running = now.add({ seconds: 1 });
const taskFailed = { ...FULL_FAILURE, kind: 'task_failed' };
const neverConfirmed = { ...FULL_FAILURE, kind: 'never_confirmed' };

const span = (start: string, end: string): Span => {
  const of = (text: string) => at(`2026-${text}${text.includes('T') ? ':00Z' : 'T00:00:00Z'}`);
  return { start: of(start), end: of(end) };
};

type Row = {
  window: Span;
  state: WindowState;
  attempt?: number;
  reason?: 'alert' | 'routine';
  alertExport?: AlertExport;
  filters?: Record<string, string>;
};
const entry = ({ state, ...differing }: Row): WindowEntry => entryOf(windowRow(differing, state));

/** Every state that a window can have. */
const CLAIMED: WindowState = { state: 'claimed', leaseUntil: running };
const ABANDONED: WindowState = { state: 'claimed', leaseUntil: over };
const SUBMITTED: WindowState = { state: 'submitted', leaseUntil: running, message };
const UNPUBLISHED: WindowState = { state: 'submitted', leaseUntil: over, message };
const PUBLISHED: WindowState = { state: 'published', message, publishedAt };
const REPORTED: WindowState = { ...PUBLISHED, failure: neverConfirmed };
const CONFIRMED: WindowState = { state: 'confirmed', message, publishedAt, confirmedAt: publishedAt };
const FAILED: WindowState = { state: 'failed', failure: FULL_FAILURE };
const LOST: WindowState = { state: 'lost', lostAt: publishedAt };

const day = span('11-20', '11-21');
const dayText = ['11-20/11-21'];

/** In letters, and without what is empty. */
function seen(rows: Row[], due: Span[] = [day], more: { covered?: Span[]; dueUntil?: Instant } = {}) {
  const found = assessCoverage({ target, entries: rows.map(entry), due, dueUntil: now, now, ...more });
  const texts: [string, string[]][] = [
    ...SPANS.map((name): [string, string[]] => [name, found[name].map(short)]),
    ['unpublished', found.unpublished.map(({ window }) => short(window))],
    ['unconfirmed', found.unconfirmed.map(({ window }) => short(window))],
    ['leased', found.leased.map(({ window, until }) => `${short(window)} until ${until}`)],
    ['lost', found.lost.map(({ window }) => short(window))],
    ['premature', found.premature.map(({ window }) => short(window))],
    ['unreadable', found.unreadable.map(({ window }) => short(window))],
  ];
  return Object.fromEntries(texts.filter(([, all]) => all.length > 0));
}

const SPANS = ['gaps', 'exhausted', 'pastCutoff', 'final'] as const;

describe('a due window', () => {
  it('without a row is a gap', () => {
    expect(seen([])).toEqual({ gaps: dayText });
  });

  it.each<[string, WindowState, number, object]>([
    ['claimed and in hand', CLAIMED, 1, { leased: [`11-20/11-21 until ${running}`] }],
    ['claimed by a run that died', ABANDONED, 1, { gaps: dayText }],
    ['claimed until this very moment', { ...CLAIMED, leaseUntil: now }, 1, { gaps: dayText }],
    ['submitted and in hand', SUBMITTED, 1, { leased: [`11-20/11-21 until ${running}`] }],
    ['submitted by a run that died', UNPUBLISHED, 1, { unpublished: dayText }],
    ['published', PUBLISHED, 1, { unconfirmed: dayText }],
    ['confirmed', CONFIRMED, 1, { final: dayText }],
    ['failed', FAILED, 1, { gaps: dayText }],
    ['failed after the last attempt, but in the call', FAILED, 5, { gaps: dayText }],
    ['failed at Huawei', { state: 'failed', failure: taskFailed }, 4, { gaps: dayText }],
    [
      'failed at Huawei for the last time',
      { state: 'failed', failure: taskFailed },
      5,
      { gaps: dayText, exhausted: dayText },
    ],
    ['published and reported as never confirmed', REPORTED, 1, { final: dayText }],
    ['lost, although Huawei still has it', LOST, 1, { gaps: dayText }],
  ])('that is %s', (_, state, attempt, expected) => {
    expect(seen([{ window: day, state, attempt }])).toEqual(expected);
    expect(seen([{ window: day, state, attempt, filters: { user_name: 'of an older series' } }])).toEqual(
      expected,
    );
  });

  it.each([CLAIMED, ABANDONED, SUBMITTED, UNPUBLISHED, PUBLISHED, CONFIRMED, FAILED, LOST])(
    'is not covered by an alert that is $state',
    (state) => {
      const alertExport = { number: 1, orderedAt: publishedAt };
      expect(seen([{ window: day, state, reason: 'alert', alertExport }])).toEqual({ gaps: dayText });
      expect(seen([{ window: day, state, reason: 'alert', alertExport }], [])).toEqual({});
    },
  );
});

describe('windows of an older series', () => {
  it('cover what they cover, whatever their length', () => {
    const rows = [
      { window: span('11-20', '11-20T06:00'), state: CONFIRMED },
      { window: span('11-20T06:00', '11-20T12:00'), state: PUBLISHED },
      { window: span('11-20T18:00', '11-21'), state: FAILED },
    ];
    expect(seen(rows)).toEqual({
      gaps: ['11-20T12:00/11-21'],
      final: ['11-20/11-20T06:00'],
      unconfirmed: ['11-20T06:00/11-20T12:00'],
    });
  });

  it('that failed are gaps outside of what is due, and none where others cover them', () => {
    const rows = [
      { window: span('11-10', '11-11'), state: FAILED },
      { window: span('11-10T12:00', '11-10T18:00'), state: PUBLISHED },
    ];
    const gaps = ['11-10/11-10T12:00', '11-10T18:00/11-11'];
    expect(seen(rows, [])).toEqual({ gaps, unconfirmed: ['11-10T12:00/11-10T18:00'] });
  });

  it('that failed are none where the target is covered by windows that are not listed', () => {
    const rows = [{ window: span('11-20', '11-21'), state: FAILED }];
    const covered = [span('11-18', '11-20T12:00')];
    expect(seen(rows, [span('11-20T12:00', '11-21')], { covered })).toEqual({
      gaps: ['11-20T12:00/11-21'],
    });
  });

  it('that overlap are final as one', () => {
    const rows = [
      { window: span('10-20', '10-20T18:00'), state: CONFIRMED },
      { window: span('10-20T12:00', '10-21'), state: LOST },
      { window: span('10-22', '10-23'), state: CONFIRMED },
    ];
    expect(seen(rows, [span('10-20', '10-21')])).toEqual({
      lost: ['10-20T12:00/10-21'],
      final: ['10-20/10-21', '10-22/10-23'],
    });
  });

  it('that were exhausted stay so, though a shorter one failed just now', () => {
    const rows: Row[] = [
      { window: day, state: { state: 'failed', failure: taskFailed }, attempt: 5 },
      { window: span('11-20', '11-20T06:00'), state: FAILED },
    ];
    expect(seen(rows)).toEqual({ gaps: dayText, exhausted: dayText });
  });
});

describe('at the retention cutoff', () => {
  // 30 days before now, and five minutes for the call.
  const cutoff = '10-24T00:40';

  it('what is older is past the cutoff, and what is younger a gap', () => {
    expect(seen([], [span('10-20', '10-25')])).toEqual({
      gaps: [`${cutoff}/10-25`],
      pastCutoff: [`10-20/${cutoff}`],
    });
  });

  it('a window that failed is cut', () => {
    expect(seen([{ window: span('10-24', '10-25'), state: FAILED }], [])).toEqual({
      gaps: [`${cutoff}/10-25`],
      pastCutoff: [`10-24/${cutoff}`],
    });
  });

  it('a window that is in hand, or has a task, is not past the cutoff', () => {
    const old = span('10-20', '10-21');
    for (const state of [CLAIMED, SUBMITTED, UNPUBLISHED, PUBLISHED, CONFIRMED, LOST])
      expect(seen([{ window: old, state }], [old])).not.toHaveProperty('pastCutoff');
    for (const state of [ABANDONED, FAILED])
      expect(seen([{ window: old, state }], [old])).toEqual({ pastCutoff: ['10-20/10-21'] });
  });

  it.each([
    ['ends there', span('10-23T00:40', cutoff)],
    ['reaches past it', span('10-23T00:41', '10-24T00:41')],
  ])(
    'a window that is published and %s is final only once it was reported as never confirmed',
    (_, window) => {
      expect(seen([{ window, state: PUBLISHED }], [])).toEqual({ unconfirmed: [short(window)] });
      expect(seen([{ window, state: REPORTED }], [])).toEqual({ final: [short(window)] });
    },
  );

  it('a window that is lost is believed up to five minutes past it, and is open again where it ends later', () => {
    const lost = (end: string) => seen([{ window: span('10-23', end), state: LOST }], []);
    expect(lost('10-24T00:45')).toEqual({ lost: ['10-23/10-24T00:45'], final: ['10-23/10-24T00:45'] });
    expect(lost('10-24T00:46')).toEqual({ pastCutoff: [`10-23/${cutoff}`], gaps: [`${cutoff}/10-24T00:46`] });
  });
});

describe('a window that a clock ahead of Huawei exported', () => {
  it.each([PUBLISHED, CONFIRMED])(
    'and that is $state counts for nothing when it ends in the future',
    (state) => {
      const inTime = span('11-22', '11-23T00:40');
      expect(seen([{ window: inTime, state }], [])).not.toHaveProperty('premature');
      const early = span('11-22', '11-23T00:41');
      const found = seen([{ window: early, state }], []);
      expect(found).toHaveProperty('premature', ['11-22/11-23T00:41']);
      expect(found).not.toHaveProperty('final');
    },
  );
});

describe('where a run stands for an earlier firing', () => {
  const dueUntil = day.end;

  it('what failed and became due later is no gap for it', () => {
    const rows = [
      { window: day, state: FAILED },
      { window: span('11-21', '11-22'), state: FAILED },
    ];
    expect(seen(rows, [], { dueUntil })).toEqual({ gaps: dayText });
    expect(seen([{ window: span('11-20T12:00', '11-21T12:00'), state: FAILED }], [], { dueUntil })).toEqual({
      gaps: ['11-20T12:00/11-21'],
    });
  });

  it('a task that ended badly for good is exhausted no further than that either', () => {
    const failed: WindowState = { state: 'failed', failure: taskFailed };
    const rows = [{ window: span('11-20', '11-22'), state: failed, attempt: 5 }];
    expect(seen(rows, [], { dueUntil })).toEqual({ gaps: dayText, exhausted: dayText });
  });

  it('what is published, in hand, or left unsaid later is seen all the same', () => {
    const later = span('11-21', '11-22');
    expect(seen([{ window: later, state: PUBLISHED }], [], { dueUntil })).toEqual({
      unconfirmed: ['11-21/11-22'],
    });
    expect(seen([{ window: later, state: UNPUBLISHED }], [], { dueUntil })).toEqual({
      unpublished: ['11-21/11-22'],
    });
  });

  it('that is not known, nothing that failed is ordered', () => {
    const found = assessCoverage({
      target,
      entries: [entry({ window: day, state: FAILED })],
      due: [],
      dueUntil: undefined,
      now,
    });
    expect(found.gaps).toEqual([]);
  });
});

it('a window whose row cannot be read is a gap', () => {
  const unreadable: WindowEntry = {
    ...entry({ window: day, state: CONFIRMED }),
    state: 'unreadable',
    damage: 'no JSON',
  };
  const found = assessCoverage({ target, entries: [unreadable], due: [], dueUntil: now, now });
  expect([found.gaps.map(short), found.unreadable, found.final]).toEqual([dayText, [unreadable], []]);
});

it('gaps, what is past the cutoff, and what windows hold partition what is due or was started', () => {
  // Lost windows that end later were called so by a clock that was ahead.
  const lostUntil = at('2026-10-24T00:45:00Z');
  const states = [CLAIMED, ABANDONED, SUBMITTED, UNPUBLISHED, PUBLISHED, CONFIRMED, FAILED, LOST];
  const isLeased = ({ state, window }: Row) =>
    state === LOST ? !isAfter(window.end, lostUntil) : state !== FAILED && state !== ABANDONED;
  const windowsOf = (rows: readonly Row[]) => rows.map(({ window }) => window);
  const texts = (spans: readonly Span[]) => union(spans).map(short);
  // Around the cutoff, which is at 10-24T00:40.
  const anySpan = fc
    .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 20 }))
    .map(([first, hours]): Span => {
      const start = at('2026-10-22T00:00:00Z').add({ hours: first });
      return { start, end: start.add({ hours }) };
    });
  const row = fc.record({
    window: anySpan,
    state: fc.constantFrom(...states),
    attempt: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 10 }), anySpan, (rows, due) => {
      const { gaps, pastCutoff, exhausted } = assessCoverage({
        target,
        entries: rows.map(entry),
        due: [due],
        dueUntil: now,
        now,
      });
      const held = windowsOf(rows.filter(isLeased));
      const open = windowsOf(rows.filter((one) => !isLeased(one)));
      expect(texts([...gaps, ...pastCutoff, ...held])).toEqual(texts([due, ...open, ...held]));
      expect(intersection(gaps, pastCutoff)).toEqual([]);
      expect(intersection([...gaps, ...pastCutoff], held)).toEqual([]);
      expect(without(exhausted, intersection(gaps, open))).toEqual([]);
      expect(from(pastCutoff, oldestExportable(now))).toEqual([]);
      expect(upTo(gaps, oldestExportable(now))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

describe('windows at risk', () => {
  const gaps = [span('11-01', '11-03')];
  const at30 = (text: string) => at(text).add({ hours: 24 * 30 });

  it('are those whose first second can no longer be exported at the next run', () => {
    const next = (text: string) => atRisk(gaps, target, at30(text)).map(short);
    expect(next('2026-10-31T23:55:00Z')).toEqual([]);
    expect(next('2026-10-31T23:55:01Z')).toEqual(['11-01/11-02']);
    expect(next('2026-11-01T23:55:00Z')).toEqual(['11-01/11-02']);
    expect(next('2026-11-01T23:55:01Z')).toEqual(['11-01/11-02', '11-02/11-03']);
  });

  it('are all of them where no run comes any more', () => {
    expect(atRisk(gaps, target, undefined).map(short)).toEqual(['11-01/11-02', '11-02/11-03']);
    expect(atRisk([], target, undefined)).toEqual([]);
  });
});

it('thousands of windows take no more than a moment', () => {
  const first = now.subtract({ hours: 24 * 30 });
  const rows = Array.from({ length: 2_880 }, (_, index) => {
    const start = first.add({ minutes: 15 * index });
    return entry({
      window: { start, end: start.add({ minutes: 15 }) },
      state: index % 2 ? FAILED : CONFIRMED,
    });
  });
  const spent = cpuMilliseconds(() => {
    const found = assessCoverage({
      target,
      entries: rows,
      due: [{ start: first, end: now }],
      dueUntil: now,
      now,
    });
    expect(found.final).toHaveLength(1_440);
  });
  // A search through all rows for each of them would take minutes.
  expect(spent).toBeLessThan(2_000);
});
