import { type Instant, isBefore } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import { intersection, without } from '../../domain/spans.ts';
import type { Target } from '../../domain/target.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import { type Assessment, assessCoverage } from '../scheduled/assess-coverage.ts';

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
