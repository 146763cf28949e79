import { NEVER_CONFIRMED, TASK_FAILED } from '../../domain/exports/task-errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { CLOCK_TOLERANCE } from '../../domain/time/clock-offset.ts';
import { type Instant, isAfter, isBefore } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import { before, from, intersection, type Span, union, windowsOf, without } from '../../domain/time/spans.ts';
import { cutIntoWindows } from '../../domain/time/windows.ts';
import { isUnconfirmed } from '../confirmation/unconfirmed.ts';
import { isWronglyLost, type NextAction, nextActionOf } from '../window/next-action.ts';

/** The windows that the ledger lists, and what they should cover. */
export type AssessmentInput = {
  target: Target;
  entries: readonly WindowEntry[];
  /** What is due, whether or not the ledger has windows for it. */
  due: readonly Span[];
  /** No window that ends later is ordered, whatever the ledger has of it. Absent: no window at all. */
  dueUntil: Instant | undefined;
  /**
   * What an interrupted backfill has not exported. Runs order only windows of it that were started and failed, and record
   * a loss where it crosses the cutoff without an export.
   */
  openBackfills?: readonly Span[];
  /** Covered by windows that are not among the entries. A window that failed may reach into these spans. */
  covered?: readonly Span[];
  now: Instant;
};

/** The coverage of a target at a moment: spans of login time and windows, in order. */
export type Assessment = {
  /** No task covers it, and Huawei still has the records. */
  gaps: Span[];
  /** Of the gaps: no run orders another export of it until `max_attempts` is raised. */
  exhausted: Span[];
  /** Of the gaps: its tasks failed more than once, the last a short time ago. A sweep defers it to a later one. */
  resting: Span[];
  /** No task covers it, Huawei no longer has the records, and the ledger does not say so yet. */
  pastCutoff: Span[];
  /** Past the cutoff, but part of an exhausted window whose end is not. Recorded as one loss when its end is past. */
  crossing: Span[];
  /** The task is known and its message is not on the queue, because a run died in between. */
  unpublished: WindowEntry[];
  /** Another run holds the lease. */
  leased: { window: Span; until: Instant }[];
  /** Published, and neither confirmed nor reported as never confirmed. */
  unconfirmed: WindowEntry[];
  /** Recorded as lost, rightly. */
  lost: WindowEntry[];
  /** Exported before their end, by a clock that was ahead. */
  premature: WindowEntry[];
  /** Rows that cannot be read. They cover nothing. */
  unreadable: WindowEntry[];
  /** Nothing more is to be done: confirmed, recorded as lost, or reported as never confirmed. */
  final: Span[];
  /** Windows of the ledger that are not final. */
  notFinal: Span[];
};

/**
 * Finds the gaps, and all else that is to be known of a target's windows. Goes by spans of time and not by names of
 * windows, so that a change of window length, zone or filters makes no gap.
 */
export function assessCoverage({
  target,
  entries,
  due,
  dueUntil,
  openBackfills = [],
  covered = [],
  now,
}: AssessmentInput): Assessment {
  const cutoff = oldestExportable(now);
  const series = entries.filter(({ series }) => series === 'calendar');
  const all = series.map((entry) => ({ entry, next: nextActionOf(entry, now, target.maxAttempts) }));
  const entriesThatMay = (...may: NextAction['may'][]) =>
    all.filter(({ next }) => may.includes(next.may)).map(({ entry }) => entry);
  const started = dueUntil ? before(windowsOf(entriesThatMay('submit', 'exhausted')), dueUntil) : [];
  const closed = [...covered, ...windowsOf(entriesThatMay('publish', 'wait', 'rest'))];
  const open = without([...due, ...started], closed);
  const gaps = from(open, cutoff);
  const exhausted = entriesThatMay('exhausted');
  const crossing = windowsOf(exhausted.filter(({ window }) => isAfter(window.end, cutoff)));
  const past = before(open, cutoff);
  const missing = without(openBackfills, closed);
  return {
    gaps,
    exhausted: intersection(gaps, windowsOf(exhausted)),
    resting: intersection(gaps, windowsOf(series.filter((entry) => isResting(entry, now)))),
    pastCutoff: union([...without(past, crossing), ...wholePast(target, missing, cutoff)]),
    crossing: intersection(past, crossing),
    unpublished: entriesThatMay('publish'),
    leased: all.flatMap(({ entry, next }) =>
      next.may === 'wait' ? [{ window: entry.window, until: next.until }] : [],
    ),
    unconfirmed: series.filter(isUnconfirmed),
    lost: series.filter((entry) => entry.state === 'lost' && !isWronglyLost(entry, now)),
    premature: series.filter((entry) => isPremature(entry, now)),
    unreadable: series.filter(({ state }) => state === 'unreadable'),
    final: union(windowsOf(series.filter((entry) => isFinal(entry, now)))),
    notFinal: windowsOf(series.filter((entry) => !isFinal(entry, now))),
  };
}

// A window of a backfill is reported as lost as a whole, once its end is past: otherwise each sweep would report a piece.
function wholePast({ window }: Target, missing: readonly Span[], cutoff: Instant): Span[] {
  return cutIntoWindows(window, missing).filter(({ end }) => !isAfter(end, cutoff));
}

function isResting({ state, failureKind, failedAt, attempt, window }: WindowEntry, now: Instant): boolean {
  if (state !== 'failed' || failureKind !== TASK_FAILED || attempt < 2) return false;
  if (isBefore(window.start, oldestExportable(now.add(REST_MARGIN)))) return false;
  return failedAt !== undefined && isAfter(failedAt, now.subtract(REST));
}

/**
 * How long a sweep waits after a second failed task, so that some hours of failures at Huawei do not use up all
 * attempts.
 */
const REST = { hours: 1 };

/** No window rests whose records Huawei begins to delete within this time. */
const REST_MARGIN = { hours: 2 };

function isFinal(entry: WindowEntry, now: Instant): boolean {
  if (isPremature(entry, now)) return false;
  const { state, failureKind } = entry;
  if (state === 'published') return failureKind === NEVER_CONFIRMED;
  return state === 'confirmed' || (state === 'lost' && !isWronglyLost(entry, now));
}

function isPremature({ state, window }: WindowEntry, now: Instant): boolean {
  return ['published', 'confirmed'].includes(state) && isAfter(window.end, now.add(CLOCK_TOLERANCE));
}
