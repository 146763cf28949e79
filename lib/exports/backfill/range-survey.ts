import { type Instant, isBefore } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import { intersection, without } from '../../domain/spans.ts';
import type { Target } from '../../domain/target.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import { type Survey, survey } from '../scheduled/survey.ts';

/** How a range of login time stands at a moment, whether or not it lies within the target's coverage. */
export type RangeSurvey = Pick<Survey, 'unannounced' | 'waiting'> & {
  /** No task covers it, or every task that was allowed has failed, and Huawei still has the records. */
  holes: Span[];
  /** Announced or confirmed. */
  covered: Span[];
  /** None of that, and Huawei no longer has the records, whether or not the ledger says so. */
  lost: Span[];
};

type RangeDemand = { target: Target; range: Span; entries: readonly WindowEntry[]; now: Instant };

export function surveyRange({ target, range, entries, now }: RangeDemand): RangeSurvey {
  const near = entries.filter(({ window }) => isBefore(window.start, range.end));
  const seen = survey({ target, entries: near, due: [range], dueUntil: range.end, now });
  const { unannounced, waiting } = seen;
  const holes = intersection(seen.holes, [range]);
  const covered = intersection([range], windowsOf(near.filter(isCovering)));
  const inHand = [...windowsOf(unannounced), ...windowsOf(waiting)];
  return { unannounced, waiting, holes, covered, lost: without([range], [...covered, ...holes, ...inHand]) };
}

function isCovering({ series, state }: WindowEntry): boolean {
  return series === 'calendar' && (state === 'announced' || state === 'confirmed');
}

function windowsOf(entries: readonly { window: Span }[]): Span[] {
  return entries.map(({ window }) => window);
}
