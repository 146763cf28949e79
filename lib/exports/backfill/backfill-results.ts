import { RETENTION } from '../../domain/retention.ts';
import type { Span } from '../../domain/span.ts';
import { before, from, intersection, without } from '../../domain/spans.ts';
import type { Target } from '../../domain/target.ts';
import { cutIntoWindows } from '../../domain/windows.ts';
import type { WindowResult } from '../report.ts';
import { leasedUntil, type WindowOutcome } from '../window/window-outcome.ts';
import type { RangeAssessment } from './assess-range.ts';

type Ended = {
  /** What this backfill did. */
  done: readonly WindowResult[];
  /** Why it ended before it was through, if it did. */
  rest: WindowOutcome;
};

/** What came of every window of the range: what is done, and the rest by how the range stands at its end. */
export function backfillResults(
  target: Target,
  { covered, gaps, unpublished, leased, lost }: RangeAssessment,
  { done, rest: outcome }: Ended,
): WindowResult[] {
  const tried = done.map(({ window }) => window);
  const rest = (spans: readonly Span[]) => cutIntoWindows(target.window, without(spans, tried));
  return [
    ...done,
    ...rest(covered).map((window) => ({ window, result: { outcome: 'covered' as const } })),
    ...rest(gaps).map((window) => ({ window, result: outcome })),
    ...unpublished
      .filter(({ window }) => intersection([window], tried).length === 0)
      .map(({ window }) => ({ window, result: outcome })),
    ...leased.map(({ window, until }) => ({ window, result: leasedUntil(until) })),
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
