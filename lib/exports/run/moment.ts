import { type ExportError, InputError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { notableOffset, TOLERANCE_SECONDS } from '../../domain/time/clock-offset.ts';
import { earlier, type Instant, isAfter } from '../../domain/time/instant.ts';
import { latestRunUntil, parseSchedule } from '../../domain/time/schedule.ts';
import type { Clock } from '../../ports.ts';
import type { ServicePorts, TargetClock } from '../../run-ports.ts';

/** Which moment a run stands for at one target, and by whose time it goes there. */
export type Moment = {
  clock: Clock;
  /** `clock` is Huawei's time. Else it is ours, and nothing may count as lost by it. */
  isVerified: boolean;
  /** How far our clock is ahead of Huawei's, where that is worth telling. */
  aheadSeconds?: number | undefined;
  /** The time the run was asked to stand for. */
  requested: Instant;
  /** The time it stands for: earlier than `requested` where Huawei's time has not come that far or is not known. */
  scheduledTime: Instant;
  /** No export may be ordered; `error` says why. */
  mayOrder: boolean;
  /** What the run has to tell at its end besides what it did. */
  error?: ExportError;
};

/** A clock that nobody confirms is not trusted with the newest windows. */
const UNVERIFIED_HOURS = 1;

/**
 * Finds the moment of a run from what is known of Huawei's time. A time up to five minutes ahead is waited for, because
 * a `Date` has whole seconds and clocks differ a little. Throws an `InputError` for one that is further ahead of Huawei's
 * clock, where that is known, and of ours.
 */
export async function momentOf(
  ports: Pick<ServicePorts, 'ownClock' | 'wait' | 'observe'>,
  { target, requested: given }: { target: Target; requested: Instant | undefined },
  time: TargetClock,
  signal: AbortSignal,
): Promise<Moment> {
  if (time.state !== 'known') return unverified(ports, { target, given }, time);
  const { clock, aheadSeconds } = time;
  ports.observe({ type: 'clock_learnt', targetId: target.id, aheadSeconds });
  const now = clock();
  const requested = given ?? wholeSecond(now);
  if (isAfter(requested, now.add({ seconds: TOLERANCE_SECONDS })))
    checkNotInFuture(requested, ports.ownClock());
  else await waitUntil(requested, { clock, wait: ports.wait }, signal);
  const scheduledTime = earlier(requested, wholeSecond(clock()));
  const notable = notableOffset(aheadSeconds);
  return { clock, isVerified: true, aheadSeconds: notable, requested, scheduledTime, mayOrder: true };
}

/**
 * The time that a run would stand for, going by an estimate of Huawei's time, which `momentOf` learns. Throws the same
 * `InputError`.
 */
export function estimatedMoment(
  given: Instant | undefined,
  { now, ownNow }: { now: Instant; ownNow: Instant },
): Instant {
  const requested = given ?? wholeSecond(now);
  if (!isAfter(requested, now.add({ seconds: TOLERANCE_SECONDS }))) return requested;
  checkNotInFuture(requested, ownNow);
  return earlier(requested, wholeSecond(now));
}

/** Throws an `InputError`: a window whose records are not all there yet would be exported half, and count as done. */
export function checkNotInFuture(scheduledTime: Instant, now: Instant): void {
  if (!isAfter(scheduledTime, now.add({ seconds: TOLERANCE_SECONDS }))) return;
  throw new InputError('The run cannot be done yet:', [
    {
      path: 'scheduled_time',
      message: `is ${scheduledTime}, which is in the future; it is ${now.round('second')} now`,
    },
  ]);
}

/**
 * The firing that a sweep stands for: the latest one of the target's schedule; of a rate, the newest that a run has
 * recorded. Undefined where none is known.
 */
export function firingUntil(target: Target, row: TargetRow | undefined, until: Instant): Instant | undefined {
  const schedule = parseSchedule(target.schedule);
  const last = row?.lastFiring;
  if (schedule?.kind === 'cron') return latestRunUntil(schedule, target.scheduleTimeZone, until);
  return last && earlier(last, until);
}

// A timer may end a moment early, and then the run would stand for the second before, whose windows are others.
async function waitUntil(
  at: Instant,
  { clock, wait }: { clock: Clock } & Pick<ServicePorts, 'wait'>,
  signal: AbortSignal,
): Promise<void> {
  for (let waits = 0; waits < MOST_WAITS && !signal.aborted && isAfter(at, clock()); waits += 1)
    await wait(Math.ceil(clock().until(at).total('milliseconds')), signal);
}

const MOST_WAITS = 10;

function unverified(
  { ownClock, observe }: Pick<ServicePorts, 'ownClock' | 'observe'>,
  { target, given }: { target: Target; given: Instant | undefined },
  { state, error }: Exclude<TargetClock, { state: 'known' }>,
): Moment {
  observe({ type: 'clock_unknown', targetId: target.id, error });
  const now = ownClock();
  const requested = given ?? wholeSecond(now);
  checkNotInFuture(requested, now);
  const scheduledTime = earlier(requested, wholeSecond(now.subtract({ hours: UNVERIFIED_HOURS })));
  return {
    clock: ownClock,
    isVerified: false,
    requested,
    scheduledTime,
    mayOrder: state === 'unknown',
    error,
  };
}

function wholeSecond(at: Instant): Instant {
  return at.round({ smallestUnit: 'second', roundingMode: 'floor' });
}
