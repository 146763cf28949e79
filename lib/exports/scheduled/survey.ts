import { NEVER_CONFIRMED, TASK_FAILED } from '../../domain/errors.ts';
import { type Instant, isAfter, isBefore } from '../../domain/instant.ts';
import { oldestExportable } from '../../domain/retention.ts';
import type { Span } from '../../domain/span.ts';
import { before, from, intersection, union, without } from '../../domain/spans.ts';
import type { Target } from '../../domain/target.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import { cutIntoWindows } from '../../domain/windows.ts';
import { isAnnounced } from '../confirmation/note-verdict.ts';
import { CLOCK_TOLERANCE, isStillKept, type Standing, standingOf } from '../window/standing.ts';

/** What a survey looks at: the windows that the ledger lists, and what should be covered by them. */
export type SurveyDemand = {
  target: Target;
  entries: readonly WindowEntry[];
  /** What is due, whether or not the ledger has windows for it. */
  due: readonly Span[];
  /** Nothing that ends later is ordered, whatever the ledger has of it. Absent: nothing at all. */
  dueUntil: Instant | undefined;
  /**
   * What a backfill has left. Runs order of it only what was begun and failed, and it is a loss where it crosses the cutoff
   * without an export.
   */
  watched?: readonly Span[];
  /** Covered by windows that are not among the entries. A window that failed may reach into it. */
  covered?: readonly Span[];
  now: Instant;
};

/** How a target stands at a moment: spans of login time, in order. */
export type Survey = {
  /** No task covers it, and Huawei still has the records. */
  holes: Span[];
  /** Of the holes: those for which no run will order another export by itself. */
  givenUp: Span[];
  /** Of the holes: those whose tasks failed more than once, the last a short time ago. A sweep leaves them to a later one. */
  resting: Span[];
  /** No task covers it, Huawei no longer has the records, and the ledger does not say so yet. */
  beyond: Span[];
  /** The same, of windows that are given up and whose end Huawei still has: they are a loss as a whole, when that is over. */
  crossing: Span[];
  /** The task is known and its message is not on the queue, because a run died between. */
  unannounced: WindowEntry[];
  /** In the hands of another run. */
  waiting: { window: Span; until: Instant }[];
  /** Announced; whether the task ended well is not known, and may still be told. */
  unconfirmed: WindowEntry[];
  /** Recorded as lost, rightly. */
  lost: WindowEntry[];
  /** Exported before they were over, by a clock that was ahead. */
  premature: WindowEntry[];
  /** Rows that cannot be read. They cover nothing. */
  unreadable: WindowEntry[];
  /** Nothing more is to be done: confirmed, or recorded as lost, or told as never confirmed. */
  settled: Span[];
  /** Windows of the ledger that something may still become of. */
  unsettled: Span[];
};

/** Goes by spans of time and not by names of windows, so that it holds over changes of window length, zone and filters. */
export function survey({
  target,
  entries,
  due,
  dueUntil,
  watched = [],
  covered = [],
  now,
}: SurveyDemand): Survey {
  const edge = oldestExportable(now);
  const series = entries.filter(({ series }) => series === 'calendar');
  const all = series.map((entry) => ({ entry, standing: standingOf(entry, now, target.maxAttempts) }));
  const that = (...may: Standing['may'][]) =>
    all.filter(({ standing }) => may.includes(standing.may)).map(({ entry }) => entry);
  const begun = dueUntil ? before(spansOf(that('submit', 'give up')), dueUntil) : [];
  const closed = [...covered, ...spansOf(that('announce', 'wait', 'rest'))];
  const open = without([...due, ...begun], closed);
  const holes = from(open, edge);
  const exhausted = that('give up');
  const crossing = spansOf(exhausted.filter(({ window }) => isAfter(window.end, edge)));
  const past = before(open, edge);
  return {
    holes,
    givenUp: intersection(holes, spansOf(exhausted)),
    resting: intersection(holes, spansOf(series.filter((entry) => isResting(entry, now)))),
    beyond: union([...without(past, crossing), ...gone(target, without(watched, closed), edge)]),
    crossing: intersection(past, crossing),
    unannounced: that('announce'),
    waiting: all.flatMap(({ entry, standing }) =>
      standing.may === 'wait' ? [{ window: entry.window, until: standing.until }] : [],
    ),
    unconfirmed: series.filter(isAnnounced),
    lost: series.filter((entry) => entry.state === 'lost' && !isStillKept(entry, now)),
    premature: series.filter((entry) => isPremature(entry, now)),
    unreadable: series.filter(({ state }) => state === 'unreadable'),
    settled: union(spansOf(series.filter((entry) => isSettled(entry, now)))),
    unsettled: spansOf(series.filter((entry) => !isSettled(entry, now))),
  };
}

/** The windows in the holes whose first second can no longer be exported at `nextRun`; all of them, if there is none. */
export function atRisk(holes: readonly Span[], { window }: Target, nextRun: Instant | undefined): Span[] {
  const windows = cutIntoWindows(window, holes);
  return nextRun ? windows.filter(({ start }) => isBefore(start, oldestExportable(nextRun))) : windows;
}

// What has begun to cross the edge is told whole, when it has: else each sweep would tell the next piece of it.
function gone({ window }: Target, watched: readonly Span[], edge: Instant): Span[] {
  return cutIntoWindows(window, watched).filter(({ end }) => !isAfter(end, edge));
}

/** How long a sweep waits after a second failed task, so that trouble at Huawei for some hours does not use all attempts up. */
const REST = { hours: 1 };
const SOON_LOST = { hours: 2 };

function isResting({ state, failureKind, failedAt, attempt, window }: WindowEntry, now: Instant): boolean {
  if (state !== 'failed' || failureKind !== TASK_FAILED || attempt < 2) return false;
  if (isBefore(window.start, oldestExportable(now.add(SOON_LOST)))) return false;
  return failedAt !== undefined && isAfter(failedAt, now.subtract(REST));
}

function isSettled(entry: WindowEntry, now: Instant): boolean {
  if (isPremature(entry, now)) return false;
  const { state, failureKind } = entry;
  if (state === 'announced') return failureKind === NEVER_CONFIRMED;
  return state === 'confirmed' || (state === 'lost' && !isStillKept(entry, now));
}

function isPremature({ state, window }: WindowEntry, now: Instant): boolean {
  return ['announced', 'confirmed'].includes(state) && isAfter(window.end, now.add(CLOCK_TOLERANCE));
}

function spansOf(entries: readonly WindowEntry[]): Span[] {
  return entries.map(({ window }) => window);
}
