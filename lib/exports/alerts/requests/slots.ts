import { Temporal } from 'temporal-polyfill';
import { TASK_FAILED, TOO_EARLY } from '../../../domain/exports/task-errors.ts';
import type { Target } from '../../../domain/input/target.ts';
import { filtersDigest, type WindowEntry } from '../../../domain/ledger/window-row.ts';
import { type Instant, isAfter, isBefore } from '../../../domain/time/instant.ts';
import { areNear, type JoinedNeed } from './join-needs.ts';
import { isSoonLost } from './needs.ts';

/** How many exports may still be ordered in this hour. */
export type Slots = {
  free: number;
  /**
   * The part for exports with filters of their own. The rest is reserved for exports without, so that a storm is
   * exported too.
   */
  narrow: number;
};

/** Counts the exports of the last hour. A call that surely led to no task frees its slot early. */
export function freeSlots(exports: readonly WindowEntry[], { maxAlertExports }: Target, now: Instant): Slots {
  const hourAgo = now.subtract({ hours: 1 });
  const soon = now.subtract(FAILED_CALL_COUNTS);
  const taken = exports.filter(
    (entry) => entry.orderedAt && isAfter(entry.orderedAt, isFailedCall(entry) ? soon : hourAgo),
  );
  const free = Math.max(0, maxAlertExports - taken.length);
  return { free, narrow: Math.max(0, free - Math.ceil(maxAlertExports / RESERVED_PART)) };
}

/** Whether Huawei surely never accepted the order: there is no task that failed, and no task without a known id. */
function isFailedCall({ state, failureKind, orphans }: WindowEntry): boolean {
  return state === 'failed' && failureKind !== undefined && orphans === 0 && !WITH_TASK.includes(failureKind);
}

const FAILED_CALL_COUNTS = { minutes: 15 };

const RESERVED_PART = 3;

const WITH_TASK = [TASK_FAILED, TOO_EARLY];

/**
 * The export of the same records that holds a need back: it is newer than the coalescing interval, or has just failed.
 */
export type HeldBack = (need: JoinedNeed) => WindowEntry | undefined;

export function heldBack(
  ordered: readonly WindowEntry[],
  { now, interval }: { now: Instant; interval: Temporal.Duration },
): HeldBack {
  const isWithin = ({ orderedAt }: WindowEntry, length: Temporal.Duration) =>
    orderedAt !== undefined && isAfter(orderedAt, now.subtract(length));
  const lengthFor = (entry: WindowEntry, { since, window }: JoinedNeed) => {
    if (isFailedCall(entry)) return AFTER_FAILED_CALL;
    return isSecondFailure(entry, since) && !isSoonLost(window.start, now) ? AFTER_SECOND_FAILURE : interval;
  };
  const recent = ordered.filter((entry) => isWithin(entry, AFTER_SECOND_FAILURE));
  const byDigest = Map.groupBy(recent, (entry) => entry.filtersDigest);
  return (need: JoinedNeed) =>
    (byDigest.get(filtersDigest(need.filters)) ?? []).find(
      (entry) => areNear(entry.window, need.window, SAME) && isWithin(entry, lengthFor(entry, need)),
    );
}

const AFTER_FAILED_CALL = Temporal.Duration.from({ minutes: 1 });

// Some hours of failures at Huawei must not use up all attempts.
const AFTER_SECOND_FAILURE = Temporal.Duration.from({ hours: 1 });

function isSecondFailure({ failureKind, attempt, orderedAt }: WindowEntry, since: Instant): boolean {
  return failureKind === TASK_FAILED && attempt > 1 && orderedAt !== undefined && !isBefore(orderedAt, since);
}

const SAME = Temporal.Duration.from({ minutes: 15 });
