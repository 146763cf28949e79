import type { Target } from '../../domain/input/target.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import { RETENTION } from '../../domain/time/retention.ts';
import { before, from, intersection, type Span, windowsOf, without } from '../../domain/time/spans.ts';
import { cutIntoWindows } from '../../domain/time/windows.ts';
import { type Assessment, assessCoverage } from '../coverage/gaps.ts';
import { leasedUntil, type WindowOutcome, type WindowResult } from '../window/outcome.ts';

/** The coverage of a range of login time at a moment, whether or not the range is within the target's coverage. */
export type RangeAssessment = Pick<Assessment, 'unpublished' | 'leased'> & {
  /** No task covers it, or all `max_attempts` tasks have failed; Huawei still has the records. */
  gaps: Span[];
  /** Published or confirmed. */
  covered: Span[];
  /** Not covered, and Huawei no longer has the records, whether or not the ledger says so. */
  lost: Span[];
};

type RangeInput = { target: Target; range: Span; entries: readonly WindowEntry[]; now: Instant };

export function assessRange({ target, range, entries, now }: RangeInput): RangeAssessment {
  const near = entries.filter(({ window }) => isBefore(window.start, range.end));
  const seen = assessCoverage({ target, entries: near, due: [range], dueUntil: range.end, now });
  const { unpublished, leased } = seen;
  const gaps = intersection(seen.gaps, [range]);
  const covered = intersection([range], windowsOf(near.filter(isCovering)));
  const taken = [...windowsOf(unpublished), ...windowsOf(leased)];
  return { unpublished, leased, gaps, covered, lost: without([range], [...covered, ...gaps, ...taken]) };
}

function isCovering({ series, state }: WindowEntry): boolean {
  return series === 'calendar' && (state === 'published' || state === 'confirmed');
}

type Ended = {
  /** What this backfill did. */
  done: readonly WindowResult[];
  /** The outcome of windows that it did not come to. */
  rest: WindowOutcome;
};

/** The result for every window of the range: what was done, and for the rest the coverage at the end. */
export function backfillResults(
  target: Target,
  { covered, gaps, unpublished, leased, lost }: RangeAssessment,
  { done, rest: outcome }: Ended,
): WindowResult[] {
  const tried = windowsOf(done);
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

// A backfill of everything since 1970 must not list millions of windows.
function listed(lost: readonly Span[], { window }: Target): Span[] {
  const longAgo = lost.at(-1)?.end.subtract(RETENTION);
  return longAgo ? [...before(lost, longAgo), ...cutIntoWindows(window, from(lost, longAgo))] : [];
}
