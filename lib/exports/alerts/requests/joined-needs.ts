import { Temporal } from 'temporal-polyfill';
import type { AskedRequest } from '../../../domain/alert-request.ts';
import type { Filters } from '../../../domain/filters.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../../domain/instant.ts';
import type { Span } from '../../../domain/span.ts';
import { isSoonLost } from './need.ts';

/** Spans that one export would ask for, and the requests that need them. */
export type JoinedNeed = {
  window: Span;
  filters: Filters;
  requests: readonly AskedRequest[];
  isUrgent: boolean;
  /** When the first of the requests came. */
  since: Instant;
};

/** What one request needs of one span. */
export type NeededSpan = { span: Span; request: AskedRequest; isUrgent: boolean };

/** Needs with these filters as few windows: what is at most a day apart is one. */
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

/** Windows of at most some days: what a storm joins may span weeks, and one export of that is one that may fail. */
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

/** Whether two windows are at most so far apart. */
export function areNear(one: Span, other: Span, gap: Temporal.Duration): boolean {
  return !isAfter(one.start, other.end.add(gap)) && !isAfter(other.start, one.end.add(gap));
}

/** First what Huawei will soon have no more, then what was seen, then the rest; each with the longest wait first. */
export function byUrgency(now: Instant): (one: JoinedNeed, other: JoinedNeed) => number {
  const rank = ({ window, isUrgent }: JoinedNeed) => (isSoonLost(window.start, now) ? 0 : isUrgent ? 1 : 2);
  return (one, other) =>
    rank(one) - rank(other) || one.since.epochMilliseconds - other.since.epochMilliseconds;
}

// Farther apart, one export of both would ask for much that nobody wants.
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
