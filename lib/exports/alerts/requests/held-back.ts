import { Temporal } from 'temporal-polyfill';
import { TASK_FAILED } from '../../../domain/errors.ts';
import { type Instant, isAfter, isBefore } from '../../../domain/instant.ts';
import { filtersDigest, type WindowEntry } from '../../../domain/window-record.ts';
import { areNear, type JoinedNeed } from './joined-needs.ts';
import { isSoonLost } from './need.ts';
import { isFailedCall } from './slots.ts';

/** The export of the same that is so new that others which repeat it are gathered first; or that has just failed. */
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

// Trouble at Huawei for some hours must not use up all the attempts that are allowed.
const AFTER_SECOND_FAILURE = Temporal.Duration.from({ hours: 1 });

function isSecondFailure({ failureKind, attempt, orderedAt }: WindowEntry, since: Instant): boolean {
  return failureKind === TASK_FAILED && attempt > 1 && orderedAt !== undefined && !isBefore(orderedAt, since);
}

const SAME = Temporal.Duration.from({ minutes: 15 });
