import { Temporal } from 'temporal-polyfill';
import type { ServedAlerts } from '../../../domain/exports/message.ts';
import type { Filters } from '../../../domain/input/filters.ts';
import type { Target } from '../../../domain/input/target.ts';
import type { RequestTerms } from '../../../domain/ledger/request-row.ts';
import { filtersDigest, type WindowEntry } from '../../../domain/ledger/window-row.ts';
import { leftOf, overlaps, type Span, union, windowsOf, without } from '../../../domain/time/spans.ts';
import { type At, coverageBy, type FilterCoverage, isWithinTarget } from './coverage.ts';
import { byUrgency, cutLong, type JoinedNeed, joinNeeds, type NeededSpan } from './join-needs.ts';
import { failuresIn, failuresSince, needOf } from './needs.ts';
import { freeSlots, type HeldBack, heldBack } from './slots.ts';

/** An export to order for alerts. */
export type PlannedExport = {
  window: Span;
  filters: Filters;
  /** One more than the tasks that failed for the same window. */
  attempt: number;
  alerts: ServedAlerts;
};

export type ExportPlan = {
  /** To be ordered now, in this order. */
  exports: readonly PlannedExport[];
  /** How many needs were coalesced without their own filters, because there was no slot for each. */
  coalesced: number;
  /** Needs that have to wait. */
  waiting: readonly WaitingNeed[];
  /** Spans that are not ordered any more, by request. */
  exhausted: ReadonlyMap<RequestTerms, readonly Span[]>;
};

/**
 * `interval`: the same was ordered within the coalescing interval; `failed`: it was, and failed; `slots`: no slot is
 * left in the hour.
 */
export type WaitingNeed = JoinedNeed & { why: 'interval' | 'failed' | 'slots' };

export type AlertPlanInput = At & {
  requests: readonly RequestTerms[];
  /** The ledger's windows from the start of the oldest request on, and the exports for alerts of the last hour. */
  entries: readonly WindowEntry[];
  /** The coalescing interval: how long the same is not exported again, so that repeated alerts become one export. */
  interval: Temporal.Duration;
};

/** The coalescing interval where an alert arrives. */
export const ON_ARRIVAL = Temporal.Duration.from({ minutes: 15 });

/** The coalescing interval of a sweep: with 15 minutes, what a sweep has just missed would wait for the next but one. */
export const ON_SWEEP = Temporal.Duration.from({ seconds: 450 });

/** How many ids of alerts an export names: a message must not grow with a storm. */
const ALERT_IDS = 20;

/** Plans the exports for requests that are needed now and not covered yet. Pure: depends on its input alone. */
export function planExports(input: AlertPlanInput): ExportPlan {
  const coverageFor = coverageBy(input.entries, input);
  const { needs, exhausted } = needsOf(input, coverageFor);
  const ordered = input.entries.filter(({ orderedAt }) => orderedAt);
  const isHeldBack = heldBack(ordered, input);
  const joined = [...Map.groupBy(needs, ({ request }) => filtersDigest(request.filters)).values()].flatMap(
    (group) => joinNeeds(group, group[0]?.request.filters ?? {}),
  );
  const wide = filtersDigest(input.target.filters);
  const candidates = joined
    .flatMap((need) => (filtersDigest(need.filters) === wide ? cutLong(need) : [need]))
    .filter((need) => !isHeldBack(need));
  const chosen = choose(candidates, { input, isHeldBack, wide });
  const isServed = servedBy(chosen.exports, { wide, target: input.target });
  return {
    exports: chosen.exports.map((need) => planned(need, coverageFor(need.filters))),
    coalesced: chosen.coalesced,
    waiting: joined
      .filter((need) => !isServed(need))
      .map((need) => ({ ...need, why: whyWaiting(isHeldBack(need)) })),
    exhausted,
  };
}

function whyWaiting(last: WindowEntry | undefined): WaitingNeed['why'] {
  if (!last) return 'slots';
  return last.state === 'failed' ? 'failed' : 'interval';
}

type Needs = { needs: NeededSpan[]; exhausted: Map<RequestTerms, readonly Span[]> };

function needsOf(
  { requests, ...at }: AlertPlanInput,
  coverageFor: (filters: Filters) => FilterCoverage,
): Needs {
  const needs: NeededSpan[] = [];
  const exhausted = new Map<RequestTerms, readonly Span[]>();
  for (const request of requests) {
    const need = needOf(request, coverageFor(request.filters), at);
    if (need.exhausted.length > 0) exhausted.set(request, need.exhausted);
    for (const span of need.spans) needs.push({ span, request, isUrgent: need.isUrgent });
  }
  return { needs, exhausted };
}

type Choice = { input: AlertPlanInput; isHeldBack: HeldBack; wide: string };

/**
 * Assigns the slots. Where there are too few, the first needs keep their own filters, and all others are coalesced under the
 * target's filters: more is exported than was asked for, and nothing is left out.
 */
function choose(
  found: readonly JoinedNeed[],
  { input, isHeldBack, wide }: Choice,
): { exports: JoinedNeed[]; coalesced: number } {
  const { target, entries, now } = input;
  const slots = freeSlots(entries, target, now);
  const isNarrow = ({ filters }: JoinedNeed) => filtersDigest(filters) !== wide;
  // An export under the target's present filters does not have what was asked for under its earlier ones: no coalescing.
  const isForeign = ({ filters }: JoinedNeed) => !isWithinTarget(filters, target);
  const candidates = withoutInner(found, { isNarrow, isForeign }).sort(byUrgency(now));
  const narrow = candidates.filter(isNarrow);
  // One slot cannot be reserved in part: a single need takes it with its filters.
  const isAlone = candidates.length === 1 && target.maxAlertExports === 1;
  if ((narrow.length <= slots.narrow || isAlone) && candidates.length <= slots.free)
    return { exports: [...candidates], coalesced: 0 };
  const kept = narrow.slice(0, slots.narrow);
  const left = candidates.filter((need) => !kept.includes(need));
  const others = left.filter((need) => !isForeign(need));
  const joined = joinNeeds(others.flatMap(asNeeds), target.filters)
    .flatMap(cutLong)
    .filter((need) => !isHeldBack(need));
  const taken = joinedWindows(joined);
  const apart = kept.filter((need) => isForeign(need) || leftOf(need.window, taken).length > 0);
  const exports = [...apart, ...left.filter(isForeign), ...joined].sort(byUrgency(now)).slice(0, slots.free);
  const isServed = servedBy(
    exports.filter((one) => !isNarrow(one)),
    { wide, target },
  );
  const coalesced = others.filter((need) => isNarrow(need) && isServed(need));
  return { exports, coalesced: coalesced.length };
}

type Kinds = Record<'isNarrow' | 'isForeign', (need: JoinedNeed) => boolean>;

/** Needs within a need of all records are exported by that one, which then names their requests too. */
function withoutInner(needs: readonly JoinedNeed[], { isNarrow, isForeign }: Kinds): JoinedNeed[] {
  const wide = needs.filter((need) => !isNarrow(need));
  const taken = joinedWindows(wide);
  const isInner = (need: JoinedNeed) =>
    isNarrow(need) && !isForeign(need) && leftOf(need.window, taken).length === 0;
  const inner = new Set(needs.filter(isInner));
  return needs
    .filter((need) => !inner.has(need))
    .map((need) => {
      const within = isNarrow(need) ? [] : [...inner].filter((one) => overlaps(one.window, need.window));
      const requests = [...new Set([need, ...within].flatMap((one) => one.requests))];
      return { ...need, requests, isUrgent: [need, ...within].some(({ isUrgent }) => isUrgent) };
    });
}

function asNeeds({ window, requests, isUrgent }: JoinedNeed): NeededSpan[] {
  return requests.map((request) => ({ span: window, request, isUrgent }));
}

/** Whether exports cover a need: exports with the same filters, and exports with the target's filters alone. */
function servedBy(
  exports: readonly JoinedNeed[],
  { wide, target }: { wide: string; target: Target },
): (need: JoinedNeed) => boolean {
  const byDigest = Map.groupBy(exports, ({ filters }) => filtersDigest(filters));
  const takenBy = (digest: string) => joinedWindows(byDigest.get(digest) ?? []);
  const shared = takenBy(wide);
  return ({ window, filters }) => {
    const others = isWithinTarget(filters, target) ? shared : [];
    return without([window], [...others, ...takenBy(filtersDigest(filters))]).length === 0;
  };
}

function joinedWindows(needs: readonly JoinedNeed[]): Span[] {
  return union(windowsOf(needs));
}

function planned({ window, filters, requests, since }: JoinedNeed, coverage: FilterCoverage): PlannedExport {
  const failures = failuresSince({ arrivedAt: since }, coverage);
  const ids = [...new Set(requests.map(({ alertId }) => alertId))];
  const wanted = new Set(requests.map((request) => filtersDigest(request.filters)));
  const isCoalesced = !wanted.has(filtersDigest(filters)) || wanted.size > 1;
  return {
    window,
    filters,
    attempt: failuresIn(window, failures) + 1,
    alerts: { ids: ids.slice(0, ALERT_IDS), more: ids.length > ALERT_IDS, coalesced: isCoalesced },
  };
}
