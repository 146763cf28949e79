import { TOLERANCE_SECONDS } from '../../domain/clock-offset.ts';
import type { ClockError, UnavailableError } from '../../domain/errors.ts';
import { type Instant, isBefore } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { Clock } from '../../ports.ts';

/** What time it is at a target's export host, as far as a run could learn it. */
export type TargetClock =
  /** The vendor's time as it goes on. `aheadSeconds`: how far our own clock is ahead of it; negative when behind. */
  | { state: 'known'; clock: Clock; aheadSeconds: number }
  /** The host works and does not say what time it is. */
  | { state: 'unknown'; error: ClockError }
  /** It says a time that our clock and a second host deny. */
  | { state: 'disputed'; error: ClockError }
  /** It does not answer at all. */
  | { state: 'down'; error: UnavailableError };

/** The clocks of one run. Each host is asked once; targets of one host share its answer. */
export type Clocks = (target: Target, signal: AbortSignal) => Promise<TargetClock>;

/** A clock that needs no asking: that of a rehearsal, which stands for the vendor's too. */
export function trustedClocks(clock: Clock): Clocks {
  return () => Promise.resolve({ state: 'known', clock, aheadSeconds: 0 });
}

/**
 * How far our clock is ahead of Huawei's by what the last run learnt, in seconds. Undefined where the clocks agreed, and
 * where our clock has been set since, as far as one can see: the time without the offset would lie before that run.
 */
export function lastOffset(ownNow: Instant, record: LastRun | undefined): number | undefined {
  if (record?.clockOffsetSeconds === undefined) return undefined;
  const now = ownNow.subtract({ seconds: record.clockOffsetSeconds });
  const isPossible = !isBefore(now.add({ seconds: TOLERANCE_SECONDS }), record.updatedAt);
  return isPossible ? record.clockOffsetSeconds : undefined;
}

/** The time to go by where no host may be asked: ours, less what it was ahead at the last run. */
export function estimatedNow(ownNow: Instant, record: LastRun | undefined): Instant {
  return ownNow.subtract({ seconds: lastOffset(ownNow, record) ?? 0 });
}

type LastRun = Pick<TargetRecord, 'clockOffsetSeconds' | 'updatedAt'>;
