import { RETENTION } from '../../domain/retention.ts';
import type { Span } from '../../domain/span.ts';
import { before, from, intersection, without } from '../../domain/spans.ts';
import type { Target } from '../../domain/target.ts';
import { cutIntoWindows } from '../../domain/windows.ts';
import type { WindowResult } from '../report.ts';
import { heldUntil, TIME_OVER } from '../window/window-outcome.ts';
import type { RangeSurvey } from './range-survey.ts';

/** What came of every window of the range: `done` by this backfill, and the rest by how the range stands at its end. */
export function backfillResults(
  target: Target,
  { covered, holes, unannounced, waiting, lost }: RangeSurvey,
  done: readonly WindowResult[],
): WindowResult[] {
  const tried = done.map(({ window }) => window);
  const rest = (spans: readonly Span[]) => cutIntoWindows(target.window, without(spans, tried));
  return [
    ...done,
    ...rest(covered).map((window) => ({ window, result: { outcome: 'covered' as const } })),
    ...rest(holes).map((window) => ({ window, result: TIME_OVER })),
    ...unannounced
      .filter(({ window }) => intersection([window], tried).length === 0)
      .map(({ window }) => ({ window, result: TIME_OVER })),
    ...waiting.map(({ window, until }) => ({ window, result: heldUntil(until) })),
    ...listed(without(lost, tried), target).map((window) => ({
      window,
      result: { outcome: 'lost' as const },
    })),
  ];
}

// Somebody who asks for everything since 1970 wants no list of millions of windows.
function listed(lost: readonly Span[], { window }: Target): Span[] {
  const longAgo = lost.at(-1)?.end.subtract(RETENTION);
  return longAgo ? [...before(lost, longAgo), ...cutIntoWindows(window, from(lost, longAgo))] : [];
}
