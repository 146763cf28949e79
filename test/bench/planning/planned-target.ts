import { Temporal } from 'temporal-polyfill';
import { target as targetSchema } from '../../../lib/domain/input/target.ts';
import type { WindowRow, WindowState } from '../../../lib/domain/ledger/window-row.ts';
import type { Span } from '../../../lib/domain/time/spans.ts';
import type { PlanInput } from '../../../lib/exports/run/plan.ts';
import { targetRow } from '../../support/ledger/target-rows.ts';
import { FULL_FAILURE, WINDOW_STATES, windowRow } from '../../support/ledger/window-rows.ts';

const QUARTER = { minutes: 15 };
const FIRST = Temporal.Instant.from('2026-10-24T00:00:00Z');
const STATES = [{ state: 'failed', failure: FULL_FAILURE } as const, WINDOW_STATES['confirmed']];

const target = targetSchema.parse({
  id: 'acme-prod',
  region: 'ap-southeast-3',
  credential: 'huawei/acme',
  window: { every: 'PT15M', delay: 'PT0S' },
});

/** A target with so many windows of 15 minutes, at the moment when the next one has become due. */
export function plannedTarget(windows: number) {
  const spans = Array.from({ length: windows }, (_, index) => quarter(index));
  const { start, end: now } = quarter(windows);
  const input: PlanInput = { target, scheduledTime: now };
  return {
    input,
    clock: () => now,
    /** The first two have failed, which leaves a gap from the retention cutoff on; all others are confirmed. */
    rows: spans.map((window, index): WindowRow => windowRow({ window }, stateOf(index))),
    /** The row of the target: nothing is covered, because of the gap. */
    withGap: targetRow({ coveredFrom: FIRST, coveredUntil: FIRST }),
    /** As if there were no gap, and all but the last four windows known to be covered. */
    healthy: targetRow({ coveredFrom: FIRST, coveredUntil: start.subtract({ hours: 1 }), version: 2 }),
  };
}

function quarter(index: number): Span {
  const start = FIRST.add({ minutes: 15 * index });
  return { start, end: start.add(QUARTER) };
}

function stateOf(index: number): WindowState | undefined {
  return STATES[index < 2 ? 0 : 1];
}
