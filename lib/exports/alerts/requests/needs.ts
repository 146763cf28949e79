import { Temporal } from 'temporal-polyfill';
import type { Filters } from '../../../domain/input/filters.ts';
import type { Target } from '../../../domain/input/target.ts';
import type { AskedRequest } from '../../../domain/ledger/request-row.ts';
import type { WindowEntry } from '../../../domain/ledger/window-row.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../../domain/time/instant.ts';
import { oldestExportable } from '../../../domain/time/retention.ts';
import { from, intersection, leftOf, overlaps, type Span, union } from '../../../domain/time/spans.ts';
import type { At, Coverage } from './coverage.ts';

/** What of a request is to be exported now. */
export type Need = {
  spans: readonly Span[];
  /** Part of what was seen is in no export yet. */
  isUrgent: boolean;
  /** Not ordered: Huawei accepted `max_attempts` exports of it, and all of them failed. */
  exhausted: readonly Span[];
};

/**
 * What was seen is needed at once, with all up to now; the rest when it is due, or when Huawei will soon have it no more.
 * Never what Huawei no longer has, and never what is still to come.
 */
export function needOf(request: AskedRequest, coverage: Coverage, at: At): Need {
  const [window] = from([request.window], oldestExportable(at.now));
  if (!window || !isBefore(window.start, at.now)) return NOTHING;
  const past = { start: window.start, end: earlier(window.end, at.now) };
  const failures = failuresSince(request, coverage);
  const missing = divided(leftOf(past, coverage.complete), failures, at.target.maxAttempts);
  const atRisk = missing.open.filter(({ start }) => isSoonLost(start, at.now));
  const isDue = !isAfter(dueAt(request, at.target), at.now);
  const all = isDue ? missing : divided(leftOf(past, coverage.seen), failures, at.target.maxAttempts);
  const unseen = leftOf(sightOf(request, window), coverage.seen);
  const isUnseen = intersection(all.open, unseen).length > 0;
  return {
    spans: union([...atRisk, ...(isDue || isUnseen ? all.open : [])]),
    isUrgent: isUnseen || atRisk.length > 0,
    exhausted: all.exhausted,
  };
}

/** Whether Huawei will soon have the records from there on no more: then nothing is put off. */
export function isSoonLost(start: Instant, now: Instant): boolean {
  return isBefore(start, oldestExportable(now.add(SOON)));
}

// Time for some attempts, and for somebody who is told that they failed.
const SOON = { hours: 24 };

/**
 * When the whole of a request can be exported with every record in it: at a full hour, so that what came at different
 * minutes becomes one export.
 */
export function dueAt({ window }: Pick<AskedRequest, 'window'>, { window: { delay } }: Target): Instant {
  return window.end.add(delay).round({ smallestUnit: 'hour', roundingMode: 'ceil' });
}

/** How many exports of some part of a window failed, since a request for it came. */
export function failuresIn(window: Span, failures: readonly WindowEntry[]): number {
  const overlapping = failures.filter((failure) => overlaps(failure.window, window));
  const depths = overlapping.map(
    ({ window: { start } }) =>
      overlapping.filter(({ window: other }) => !isAfter(other.start, start) && isAfter(other.end, start))
        .length,
  );
  return Math.max(0, ...depths);
}

export function failuresSince(
  { arrivedAt }: Pick<AskedRequest, 'arrivedAt'>,
  { failures }: Pick<Coverage, 'failures'>,
): WindowEntry[] {
  return failures.filter(({ orderedAt }) => orderedAt && !isBefore(orderedAt, arrivedAt));
}

const NOTHING: Need = { spans: [], isUrgent: false, exhausted: [] };

// Nobody has seen the future: an end that lies ahead would else be exported again and again, up to each new now.
function sightOf({ seenUntil, arrivedAt }: AskedRequest, { start, end }: Span): Span {
  return { start, end: later(start, earlier(end, earlier(seenUntil, arrivedAt))) };
}

// By parts and not by requests: a long request would else be used up by failures of its parts.
function divided(spans: readonly Span[], failures: readonly WindowEntry[], maxAttempts: number) {
  if (failures.length < maxAttempts) return { open: spans, exhausted: [] };
  const edges = failures.flatMap(({ window }) => [window.start, window.end]);
  const parts = spans.flatMap((span) => cutAt(span, edges));
  const isExhausted = (part: Span) => failuresIn(part, failures) >= maxAttempts;
  return { open: parts.filter((part) => !isExhausted(part)), exhausted: parts.filter(isExhausted) };
}

function cutAt(span: Span, edges: readonly Instant[]): Span[] {
  const inside = edges.filter((edge) => isAfter(edge, span.start) && isBefore(edge, span.end));
  const all = [span.start, ...inside, span.end].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  return all
    .slice(1)
    .map((end, index) => ({ start: all[index] ?? span.start, end }))
    .filter(({ start, end }) => isBefore(start, end));
}

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
