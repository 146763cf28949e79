import { type ExportError, InputError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { CLOCK_TOLERANCE, notableOffset } from '../../domain/time/clock-offset.ts';
import { earlier, type Instant, isAfter } from '../../domain/time/instant.ts';
import type { Clock } from '../../ports.ts';
import type { ServicePorts, TargetClock } from '../../run-ports.ts';

/** The time that a run is for at one target, and the clock that the run goes by. */
export type Moment = {
  clock: Clock;
  /** `clock` is Huawei's time. Otherwise it is ours, and nothing may count as lost by it. */
  isVerified: boolean;
  /** How far our clock is ahead of Huawei's, in seconds, where that is notable. */
  aheadSeconds?: number | undefined;
  /** The time that was requested for the run. */
  requested: Instant;
  /**
   * The time that the run is for: earlier than `requested` where that is still in the future for Huawei, or where
   * Huawei's time is not known.
   */
  scheduledTime: Instant;
  /** Exports may be ordered; otherwise `error` says why not. */
  mayOrder: boolean;
  /** An error to report at the end of the run. */
  error?: ExportError;
};

/** An unverified clock is not trusted for windows of the last hour. */
const UNVERIFIED_HOURS = 1;

/**
 * Finds the moment of a run from what is known of Huawei's time. Waits for a requested time up to five minutes ahead, because
 * a `Date` has whole seconds and clocks differ a little. Throws an `InputError` for a time that is further ahead both of
 * Huawei's clock, where known, and of ours.
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
  if (isAfter(requested, now.add(CLOCK_TOLERANCE))) checkNotInFuture(requested, ports.ownClock());
  else await waitUntil(requested, { clock, wait: ports.wait }, signal);
  const scheduledTime = earlier(requested, wholeSecond(clock()));
  const notable = notableOffset(aheadSeconds);
  return { clock, isVerified: true, aheadSeconds: notable, requested, scheduledTime, mayOrder: true };
}

/**
 * The time that a run would be for, by an estimate of Huawei's time (`momentOf` has the real time). Throws the same
 * `InputError`.
 */
export function estimatedMoment(
  given: Instant | undefined,
  { now, ownNow }: { now: Instant; ownNow: Instant },
): Instant {
  const requested = given ?? wholeSecond(now);
  if (!isAfter(requested, now.add(CLOCK_TOLERANCE))) return requested;
  checkNotInFuture(requested, ownNow);
  return earlier(requested, wholeSecond(now));
}

/**
 * Throws an `InputError` for a time in the future: a window would be exported before all its records exist, and count
 * as done.
 */
export function checkNotInFuture(scheduledTime: Instant, now: Instant): void {
  if (!isAfter(scheduledTime, now.add(CLOCK_TOLERANCE))) return;
  throw new InputError('The run cannot be done yet:', [
    {
      path: 'scheduled_time',
      message: `is ${scheduledTime}, which is in the future; it is ${now.round('second')} now`,
    },
  ]);
}

// A timer may end a moment early. The run would then be for the second before, which may have other windows.
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
