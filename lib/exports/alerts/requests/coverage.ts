import { NEVER_CONFIRMED, TASK_FAILED } from '../../../domain/exports/task-errors.ts';
import type { Filters } from '../../../domain/input/filters.ts';
import type { Target } from '../../../domain/input/target.ts';
import { filtersDigest, type WindowEntry } from '../../../domain/ledger/window-row.ts';
import { CLOCK_TOLERANCE } from '../../../domain/time/clock-offset.ts';
import { type Instant, isAfter, isBefore } from '../../../domain/time/instant.ts';
import { before, overlaps, type Span, union, windowsOf } from '../../../domain/time/spans.ts';
import { OVERDUE_AFTER } from '../../confirmation/unconfirmed.ts';
import { nextActionOf } from '../../window/next-action.ts';

/**
 * What a target's exports have of the logins that match some filters. Lists of spans are in order and without overlaps.
 */
export type FilterCoverage = {
  /** An export has these spans, or is about to. */
  exported: readonly Span[];
  /** The part that was ordered late enough to have every record. */
  complete: readonly Span[];
  /** The part that is confirmed, or has been published and unconfirmed for more than a day. */
  done: readonly Span[];
  /** The exports that cover these spans. */
  exports: readonly WindowEntry[];
  /** Exports that Huawei accepted and that then failed. They cover nothing. */
  failures: readonly WindowEntry[];
};

export type At = {
  target: Target;
  now: Instant;
  /** Huawei's task list has not been read: unconfirmed then means nothing. */
  isListUnread?: boolean;
};

/**
 * What the listed exports cover, scheduled windows and exports for alerts alike. An export counts for some filters where it
 * has the same filters, only the target's own, or none: it then has every record that the filters match. An export that
 * failed, or whose run died before Huawei had answered, covers nothing.
 */
export function coverageBy(entries: readonly WindowEntry[], at: At): (filters: Filters) => FilterCoverage {
  const byDigest = Map.groupBy(entries, ({ filtersDigest }) => filtersDigest);
  const coverageOf = (...digests: string[]) =>
    coverage(
      [...new Set(digests)].flatMap((digest) => byDigest.get(digest) ?? []),
      at,
    );
  const ofAll = coverageOf(ALL_RECORDS);
  const ofTarget = coverageOf(ALL_RECORDS, filtersDigest(at.target.filters));
  const known = new Map<string, FilterCoverage>();
  return (filters) => {
    const digest = filtersDigest(filters);
    const shared = isWithinTarget(filters, at.target) ? ofTarget : ofAll;
    const isOwn = digest !== ALL_RECORDS && digest !== filtersDigest(at.target.filters);
    const found =
      known.get(digest) ?? (isOwn && byDigest.has(digest) ? joined(coverageOf(digest), shared) : shared);
    known.set(digest, found);
    return found;
  };
}

const ALL_RECORDS = filtersDigest({});

/**
 * Whether these filters include the target's own. They may not, where the target's were changed after an alert arrived.
 */
export function isWithinTarget(filters: Filters, target: Pick<Target, 'filters'>): boolean {
  return Object.entries(target.filters).every(([name, value]) => filters[name as keyof Filters] === value);
}

/** The tasks that have at least a part of a window. */
export function servingTasks(
  { window }: { window: Span },
  { exports }: Pick<FilterCoverage, 'exports'>,
): string[] {
  return exports.flatMap((entry) =>
    entry.taskId !== undefined && overlaps(entry.window, window) ? [entry.taskId] : [],
  );
}

function coverage(entries: readonly WindowEntry[], at: At): FilterCoverage {
  const exports = entries.filter((entry) => isAlive(entry, at));
  return {
    exported: union(windowsOf(exports)),
    complete: union(exports.flatMap((entry) => completeOf(entry, at))),
    done: union(exports.filter((entry) => isDone(entry, at)).flatMap((entry) => completeOf(entry, at))),
    exports,
    failures: entries.filter(isFailure),
  };
}

function joined(one: FilterCoverage, other: FilterCoverage): FilterCoverage {
  return {
    exported: union([...one.exported, ...other.exported]),
    complete: union([...one.complete, ...other.complete]),
    done: union([...one.done, ...other.done]),
    exports: [...one.exports, ...other.exports],
    failures: [...one.failures, ...other.failures],
  };
}

/** Whether an export has records, or may still get them. */
function isAlive(entry: WindowEntry, { now }: Pick<At, 'now'>): boolean {
  if (entry.state === 'lost') return false;
  // A premature window: ordered before its end, by a clock that was ahead.
  if (entry.series === 'calendar' && isAfter(entry.window.end, now.add(CLOCK_TOLERANCE))) return false;
  return ['publish', 'wait', 'rest'].includes(nextActionOf(entry, now, 1).may);
}

// A scheduled window is ordered only when it is due, so it has every record.
function completeOf({ window, series, orderedAt }: WindowEntry, { target }: At): Span[] {
  if (series === 'calendar') return [window];
  return orderedAt ? before([window], orderedAt.subtract(target.window.delay)) : [];
}

function isDone({ state, failureKind, publishedAt }: WindowEntry, { now, isListUnread }: At): boolean {
  if (state === 'confirmed') return true;
  if (state !== 'published') return false;
  if (failureKind === NEVER_CONFIRMED) return true;
  return !isListUnread && publishedAt !== undefined && isLong(publishedAt, now);
}

function isLong(publishedAt: Instant, now: Instant): boolean {
  return isBefore(publishedAt, now.subtract(OVERDUE_AFTER));
}

function isFailure({ state, series, failureKind }: WindowEntry): boolean {
  return series !== 'calendar' && state === 'failed' && failureKind === TASK_FAILED;
}
