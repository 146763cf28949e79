import { Temporal } from 'temporal-polyfill';
import type { Filters } from '../../../domain/input/filters.ts';
import type { RequestTerms } from '../../../domain/ledger/request-row.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../../domain/time/instant.ts';
import type { Span } from '../../../domain/time/spans.ts';
import { isSoonLost } from './needs.ts';

/** A window that one export would ask for, and the requests that need it. */
export type JoinedNeed = {
  window: Span;
  filters: Filters;
  requests: readonly RequestTerms[];
  isUrgent: boolean;
  /** When the first of the requests arrived. */
  since: Instant;
};

/** One span that one request needs. */
export type NeededSpan = { span: Span; request: RequestTerms; isUrgent: boolean };

/** Joins needs with the same filters into few windows: needs at most a day apart become one. */
export function joinNeeds(needs: readonly NeededSpan[], filters: Filters): JoinedNeed[] {
  const groups: { window: Span; needs: NeededSpan[] }[] = [];
  for (const need of needs.toSorted(byStart)) {
    const last = groups.at(-1);
    if (last && areNear(last.window, need.span, NEAR)) {
      last.window = { ...last.window, end: later(last.window.end, need.span.end) };
      last.needs.push(need);
    } else groups.push({ window: need.span, needs: [need] });
  }
  return groups.map((group) => ({ window: group.window, filters, ...aboutNeeds(group.needs) }));
}

/**
 * Cuts a need into windows of three days: what a storm joins may span weeks, and one export of weeks may fail as a
 * whole.
 */
export function cutLong(need: JoinedNeed): JoinedNeed[] {
  const pieces: JoinedNeed[] = [];
  let { start } = need.window;
  while (isBefore(start, need.window.end)) {
    const end = earlier(start.add(LONGEST), need.window.end);
    pieces.push({ ...need, window: { start, end } });
    start = end;
  }
  return pieces;
}

/** Whether two windows are at most `gap` apart. */
export function areNear(one: Span, other: Span, gap: Temporal.Duration): boolean {
  return !isAfter(one.start, other.end.add(gap)) && !isAfter(other.start, one.end.add(gap));
}

/**
 * Sorts needs: first those that Huawei will soon delete, then urgent ones, then the rest; the longest wait first in
 * each group.
 */
export function byUrgency(now: Instant): (one: JoinedNeed, other: JoinedNeed) => number {
  const rank = ({ window, isUrgent }: JoinedNeed) => (isSoonLost(window.start, now) ? 0 : isUrgent ? 1 : 2);
  return (one, other) =>
    rank(one) - rank(other) || one.since.epochMilliseconds - other.since.epochMilliseconds;
}

// An export of windows farther apart would contain too much that nobody asked for.
const NEAR = Temporal.Duration.from({ hours: 24 });

const LONGEST = { hours: 72 };

function byStart(one: NeededSpan, other: NeededSpan): number {
  return one.span.start.epochMilliseconds - other.span.start.epochMilliseconds;
}

function aboutNeeds(needs: readonly NeededSpan[]) {
  const requests = [...new Set(needs.map(({ request }) => request))];
  const [first, ...others] = requests.map(({ arrivedAt }) => arrivedAt);
  if (!first) throw new Error('There is no window without a need.');
  return { requests, isUrgent: needs.some(({ isUrgent }) => isUrgent), since: others.reduce(earlier, first) };
}
