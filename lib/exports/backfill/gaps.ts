import type { Target } from '../../domain/input/target.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import { RETENTION } from '../../domain/time/retention.ts';
import { before, from, intersection, type Span, without } from '../../domain/time/spans.ts';
import { cutIntoWindows } from '../../domain/time/windows.ts';
import { type Assessment, assessCoverage } from '../coverage/assess.ts';
import { leasedUntil, type WindowOutcome } from '../window/outcome.ts';
import type { WindowResult } from '../window/report.ts';

/** How a range of login time stands at a moment, whether or not it lies within the target's coverage. */
export type RangeAssessment = Pick<Assessment, 'unpublished' | 'leased'> & {
  /** No task covers it, or every task that was allowed has failed, and Huawei still has the records. */
  gaps: Span[];
  /** Published or confirmed. */
  covered: Span[];
  /** None of that, and Huawei no longer has the records, whether or not the ledger says so. */
  lost: Span[];
};

type RangeInput = { target: Target; range: Span; entries: readonly WindowEntry[]; now: Instant };

export function assessRange({ target, range, entries, now }: RangeInput): RangeAssessment {
  const near = entries.filter(({ window }) => isBefore(window.start, range.end));
  const seen = assessCoverage({ target, entries: near, due: [range], dueUntil: range.end, now });
  const { unpublished, leased } = seen;
  const gaps = intersection(seen.gaps, [range]);
  const covered = intersection([range], windowsOf(near.filter(isCovering)));
  const inHand = [...windowsOf(unpublished), ...windowsOf(leased)];
  return { unpublished, leased, gaps, covered, lost: without([range], [...covered, ...gaps, ...inHand]) };
}

function isCovering({ series, state }: WindowEntry): boolean {
  return series === 'calendar' && (state === 'published' || state === 'confirmed');
}

function windowsOf(entries: readonly { window: Span }[]): Span[] {
  return entries.map(({ window }) => window);
}

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
