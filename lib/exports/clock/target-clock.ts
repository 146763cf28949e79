import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { CLOCK_TOLERANCE } from '../../domain/time/clock-offset.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import type { Clock } from '../../ports.ts';
import type { Clocks } from '../../run-ports.ts';

/** A clock that asks no host: in a rehearsal our clock is the vendor's, too. */
export function trustedClocks(clock: Clock): Clocks {
  return () => Promise.resolve({ state: 'known', clock, aheadSeconds: 0 });
}

/**
 * How far our clock was ahead of Huawei's at the last run, in seconds. Undefined where the clocks agreed. Also undefined
 * where our clock must have been set since: the corrected time would be before the last run.
 */
export function lastOffset(ownNow: Instant, row: LastRun | undefined): number | undefined {
  if (row?.clockOffsetSeconds === undefined) return undefined;
  const now = ownNow.subtract({ seconds: row.clockOffsetSeconds });
  const isPossible = !isBefore(now.add(CLOCK_TOLERANCE), row.updatedAt);
  return isPossible ? row.clockOffsetSeconds : undefined;
}

/** Huawei's time as far as it is known without asking a host: our clock's, corrected by the offset of the last run. */
export function estimatedNow(ownNow: Instant, row: LastRun | undefined): Instant {
  return ownNow.subtract({ seconds: lastOffset(ownNow, row) ?? 0 });
}

type LastRun = Pick<TargetRow, 'clockOffsetSeconds' | 'updatedAt'>;
