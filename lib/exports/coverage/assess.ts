import { NEVER_CONFIRMED, TASK_FAILED } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { type Instant, isAfter, isBefore } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import { type Span, before, from, intersection, union, without } from '../../domain/time/spans.ts';
import { cutIntoWindows } from '../../domain/time/windows.ts';
import { isPublished } from '../confirmation/note-verdict.ts';
import { CLOCK_TOLERANCE, type NextAction, isStillKept, nextActionOf } from '../window/next-action.ts';

/** What an assessment looks at: the windows that the ledger lists, and what should be covered by them. */
export type AssessmentInput = {
  target: Target;
  entries: readonly WindowEntry[];
  /** What is due, whether or not the ledger has windows for it. */
  due: readonly Span[];
  /** Nothing that ends later is ordered, whatever the ledger has of it. Absent: nothing at all. */
  dueUntil: Instant | undefined;
  /**
   * What a backfill has left. Runs order of it only what was started and failed, and it is a loss where it crosses the cutoff
   * without an export.
   */
  watched?: readonly Span[];
  /** Covered by windows that are not among the entries. A window that failed may reach into it. */
  covered?: readonly Span[];
  now: Instant;
};

/** How a target stands at a moment: spans of login time, in order. */
export type Assessment = {
  /** No task covers it, and Huawei still has the records. */
  gaps: Span[];
  /** Of the gaps: those for which no run will order another export by itself. */
  exhausted: Span[];
  /** Of the gaps: those whose tasks failed more than once, the last a short time ago. A sweep leaves them to a later one. */
  resting: Span[];
  /** No task covers it, Huawei no longer has the records, and the ledger does not say so yet. */
  pastCutoff: Span[];
  /** The same, of windows that are exhausted and whose end Huawei still has: they are a loss as a whole, when that is over. */
  crossing: Span[];
  /** The task is known and its message is not on the queue, because a run died between. */
  unpublished: WindowEntry[];
  /** In the hands of another run. */
  leased: { window: Span; until: Instant }[];
  /** Published; whether the task ended well is not known, and may still be told. */
  unconfirmed: WindowEntry[];
  /** Recorded as lost, rightly. */
  lost: WindowEntry[];
  /** Exported before they were over, by a clock that was ahead. */
  premature: WindowEntry[];
  /** Rows that cannot be read. They cover nothing. */
  unreadable: WindowEntry[];
  /** Nothing more is to be done: confirmed, or recorded as lost, or told as never confirmed. */
  final: Span[];
  /** Windows of the ledger that something may still become of. */
  notFinal: Span[];
};

/** Goes by spans of time and not by names of windows, so that it holds over changes of window length, zone and filters. */
export function assessCoverage({
  target,
  entries,
  due,
  dueUntil,
  watched = [],
  covered = [],
  now,
}: AssessmentInput): Assessment {
  const cutoff = oldestExportable(now);
  const series = entries.filter(({ series }) => series === 'calendar');
  const all = series.map((entry) => ({ entry, next: nextActionOf(entry, now, target.maxAttempts) }));
  const that = (...may: NextAction['may'][]) =>
    all.filter(({ next }) => may.includes(next.may)).map(({ entry }) => entry);
  const started = dueUntil ? before(spansOf(that('submit', 'exhausted')), dueUntil) : [];
  const closed = [...covered, ...spansOf(that('publish', 'wait', 'rest'))];
  const open = without([...due, ...started], closed);
  const gaps = from(open, cutoff);
  const exhausted = that('exhausted');
  const crossing = spansOf(exhausted.filter(({ window }) => isAfter(window.end, cutoff)));
  const past = before(open, cutoff);
  return {
    gaps,
    exhausted: intersection(gaps, spansOf(exhausted)),
    resting: intersection(gaps, spansOf(series.filter((entry) => isResting(entry, now)))),
    pastCutoff: union([...without(past, crossing), ...gone(target, without(watched, closed), cutoff)]),
    crossing: intersection(past, crossing),
    unpublished: that('publish'),
    leased: all.flatMap(({ entry, next }) =>
      next.may === 'wait' ? [{ window: entry.window, until: next.until }] : [],
    ),
    unconfirmed: series.filter(isPublished),
    lost: series.filter((entry) => entry.state === 'lost' && !isStillKept(entry, now)),
    premature: series.filter((entry) => isPremature(entry, now)),
    unreadable: series.filter(({ state }) => state === 'unreadable'),
    final: union(spansOf(series.filter((entry) => isFinalRow(entry, now)))),
    notFinal: spansOf(series.filter((entry) => !isFinalRow(entry, now))),
  };
}

/** The windows in the gaps whose first second can no longer be exported at `nextRun`; all of them, if there is none. */
export function atRisk(gaps: readonly Span[], { window }: Target, nextRun: Instant | undefined): Span[] {
  const windows = cutIntoWindows(window, gaps);
  return nextRun ? windows.filter(({ start }) => isBefore(start, oldestExportable(nextRun))) : windows;
}

// What has started to cross the cutoff is told whole, when it has: else each sweep would tell the next piece of it.
function gone({ window }: Target, watched: readonly Span[], cutoff: Instant): Span[] {
  return cutIntoWindows(window, watched).filter(({ end }) => !isAfter(end, cutoff));
}

/** How long a sweep waits after a second failed task, so that trouble at Huawei for some hours does not use all attempts up. */
const REST = { hours: 1 };
const SOON_LOST = { hours: 2 };

function isResting({ state, failureKind, failedAt, attempt, window }: WindowEntry, now: Instant): boolean {
  if (state !== 'failed' || failureKind !== TASK_FAILED || attempt < 2) return false;
  if (isBefore(window.start, oldestExportable(now.add(SOON_LOST)))) return false;
  return failedAt !== undefined && isAfter(failedAt, now.subtract(REST));
}

function isFinalRow(entry: WindowEntry, now: Instant): boolean {
  if (isPremature(entry, now)) return false;
  const { state, failureKind } = entry;
  if (state === 'published') return failureKind === NEVER_CONFIRMED;
  return state === 'confirmed' || (state === 'lost' && !isStillKept(entry, now));
}

function isPremature({ state, window }: WindowEntry, now: Instant): boolean {
  return ['published', 'confirmed'].includes(state) && isAfter(window.end, now.add(CLOCK_TOLERANCE));
}

function spansOf(entries: readonly WindowEntry[]): Span[] {
  return entries.map(({ window }) => window);
}
