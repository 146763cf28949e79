import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { RunPorts } from '../../run-ports.ts';
import { type LongUnconfirmed, longUnconfirmed } from '../confirmation/unconfirmed.ts';
import { hoursLeft, windowsAtRisk } from './at-risk.ts';
import type { Assessment } from './gaps.ts';

/**
 * Reports a target's coverage: how far it reaches, what is unconfirmed, what will be lost, and when. Resolves to the
 * windows that have been unconfirmed for more than a day.
 */
export async function reportCoverage(
  { ledger, clock, observe }: Pick<RunPorts, 'ledger' | 'clock' | 'observe'>,
  target: Target,
  { row, seen }: { row: TargetRow; seen: Assessment },
): Promise<LongUnconfirmed | undefined> {
  const now = clock();
  const unanswered = await longUnconfirmed(ledger, seen.unconfirmed, { now, atMost: MOST_UNANSWERED });
  observe({
    type: 'target_assessed',
    targetId: target.id,
    ...coverage(row, now),
    unconfirmed: seen.unconfirmed.length,
    longUnconfirmed: unanswered?.windows ?? 0,
    atRisk: windowsAtRisk(target, seen, now),
    hoursLeft: hoursLeft(seen.gaps, now),
  });
  return unanswered;
}

// One unanswered window raises the alarm as well as a hundred do, and each costs a read at every sweep.
const MOST_UNANSWERED = 100;

// A target that has only backfills has no coverage.
function coverage({ coveredUntil }: TargetRow, now: Instant) {
  if (coveredUntil === undefined) return {};
  return { coveredUntil, ageSeconds: Math.max(0, coveredUntil.until(now).total('seconds')) };
}
