import { type Instant, later } from '../../domain/time/instant.ts';
import { deadlineOf, RETENTION } from '../../domain/time/retention.ts';
import { nextRunAfter, parseSchedule } from '../../domain/time/schedule.ts';
import type { Span } from '../../domain/time/spans.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { type LongUnconfirmed, longUnconfirmed } from '../confirmation/long-unconfirmed.ts';
import type { RunPorts } from '../../run-ports.ts';
import { type Assessment, atRisk } from './assess.ts';

/**
 * Tells how a target stands: how far it is covered, what is unconfirmed, and what will be lost, and when. Resolves to the
 * windows of which nobody has known for a day how they ended.
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

// To the alarm one is as bad as a hundred; a run need not read thousands of records at every sweep while one lasts.
const MOST_UNANSWERED = 100;

// A target that knows only backfills has none.
function coverage({ coveredUntil }: TargetRow, now: Instant) {
  if (coveredUntil === undefined) return {};
  return { coveredUntil, ageSeconds: Math.max(0, coveredUntil.until(now).total('seconds')) };
}

/** Gaps that can still be saved, but no longer when the target's schedule fires next. */
export function windowsAtRisk(target: Target, { gaps }: Pick<Assessment, 'gaps'>, now: Instant): Span[] {
  if (gaps.length === 0) return [];
  const schedule = parseSchedule(target.schedule);
  return atRisk(gaps, target, schedule && nextRunAfter(schedule, target.scheduleTimeZone, now));
}

/** How long it is until the first second of a gap is lost; all of the 30 days when there is no gap. */
export function hoursLeft([oldest]: readonly Span[], now: Instant): number {
  const left = oldest ? now.until(later(deadlineOf(oldest.start), now)) : RETENTION;
  return left.total('hours');
}
