import { TASK_FAILED, TOO_EARLY } from '../../../domain/errors.ts';
import { type Instant, isAfter } from '../../../domain/instant.ts';
import type { Target } from '../../../domain/target.ts';
import type { WindowEntry } from '../../../domain/window-record.ts';

/** How many exports may still be ordered in this hour. */
export type Slots = {
  free: number;
  /** Of these, for exports with filters of their own; the rest is kept for those without, so that a storm gets its records. */
  narrow: number;
};

/** Counts what was ordered in the last hour. A call that surely led to no task gives its slot back early. */
export function freeSlots(exports: readonly WindowEntry[], { maxAlertExports }: Target, now: Instant): Slots {
  const hourAgo = now.subtract({ hours: 1 });
  const soon = now.subtract(FAILED_CALL_COUNTS);
  const taken = exports.filter(
    (entry) => entry.orderedAt && isAfter(entry.orderedAt, isFailedCall(entry) ? soon : hourAgo),
  );
  const free = Math.max(0, maxAlertExports - taken.length);
  return { free, narrow: Math.max(0, free - Math.ceil(maxAlertExports / KEPT_PART)) };
}

/** Whether Huawei never had the order, for sure: neither does it have a task that failed, nor one that nobody knows. */
export function isFailedCall({ state, failureKind, orphans }: WindowEntry): boolean {
  return state === 'failed' && failureKind !== undefined && orphans === 0 && !WITH_TASK.includes(failureKind);
}

const FAILED_CALL_COUNTS = { minutes: 15 };

const KEPT_PART = 3;

const WITH_TASK = [TASK_FAILED, TOO_EARLY];
