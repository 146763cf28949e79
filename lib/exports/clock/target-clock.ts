import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { TOLERANCE_SECONDS } from '../../domain/time/clock-offset.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import type { Clock } from '../../ports.ts';
import type { Clocks } from '../../run-ports.ts';

/** A clock that needs no asking: that of a rehearsal, which stands for the vendor's too. */
export function trustedClocks(clock: Clock): Clocks {
  return () => Promise.resolve({ state: 'known', clock, aheadSeconds: 0 });
}

/**
 * How far our clock is ahead of Huawei's by what the last run learnt, in seconds. Undefined where the clocks agreed, and
 * where our clock has been set since, as far as one can see: the time without the offset would lie before that run.
 */
export function lastOffset(ownNow: Instant, row: LastRun | undefined): number | undefined {
  if (row?.clockOffsetSeconds === undefined) return undefined;
  const now = ownNow.subtract({ seconds: row.clockOffsetSeconds });
  const isPossible = !isBefore(now.add({ seconds: TOLERANCE_SECONDS }), row.updatedAt);
  return isPossible ? row.clockOffsetSeconds : undefined;
}

/** The time to go by where no host may be asked: ours, less what it was ahead at the last run. */
export function estimatedNow(ownNow: Instant, row: LastRun | undefined): Instant {
  return ownNow.subtract({ seconds: lastOffset(ownNow, row) ?? 0 });
}

type LastRun = Pick<TargetRow, 'clockOffsetSeconds' | 'updatedAt'>;
