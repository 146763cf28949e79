import type { Target } from '../../../domain/input/target.ts';
import type { RequestTerms } from '../../../domain/ledger/request-row.ts';
import type { WindowEntry } from '../../../domain/ledger/window-row.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../../domain/time/instant.ts';
import { oldestExportable } from '../../../domain/time/retention.ts';
import { from, intersection, leftOf, overlaps, type Span, union } from '../../../domain/time/spans.ts';
import type { At, FilterCoverage } from './coverage.ts';

/** The parts of a request that are to be exported now. */
export type Need = {
  spans: readonly Span[];
  /** A part of the seen activity is in no export yet. */
  isUrgent: boolean;
  /** Not ordered any more: Huawei accepted `max_attempts` exports of these spans, and all of them failed. */
  exhausted: readonly Span[];
};

/**
 * What of a request needs an export now. Seen activity does at once, with all the time up to now; the rest does when it is
 * due, or when Huawei will soon delete its records. The time past the cutoff and the future never do.
 */
export function needOf(request: RequestTerms, coverage: FilterCoverage, at: At): Need {
  const [window] = from([request.window], oldestExportable(at.now));
  if (!window || !isBefore(window.start, at.now)) return NOTHING;
  const past = { start: window.start, end: earlier(window.end, at.now) };
  const failures = failuresSince(request, coverage);
  const missing = divided(leftOf(past, coverage.complete), failures, at.target.maxAttempts);
  const atRisk = missing.open.filter(({ start }) => isSoonLost(start, at.now));
  const isRestDue = !isAfter(dueAt(request, at.target), at.now);
  const all = isRestDue ? missing : divided(leftOf(past, coverage.exported), failures, at.target.maxAttempts);
  const unseen = leftOf(sightOf(request, window), coverage.exported);
  const isUnseen = intersection(all.open, unseen).length > 0;
  return {
    spans: union([...atRisk, ...(isRestDue || isUnseen ? all.open : [])]),
    isUrgent: isUnseen || atRisk.length > 0,
    exhausted: all.exhausted,
  };
}

/** Whether Huawei will soon delete the records from `start` on: then nothing is deferred. */
export function isSoonLost(start: Instant, now: Instant): boolean {
  return isBefore(start, oldestExportable(now.add(SOON_LOST)));
}

// Time for some attempts, and for a person to react to their failures.
const SOON_LOST = { hours: 24 };

/**
 * When the whole window of a request can be exported with every record in it. Rounded up to a full hour, so that requests of
 * different minutes become one export.
 */
export function dueAt({ window }: Pick<RequestTerms, 'window'>, { window: { delay } }: Target): Instant {
  return window.end.add(delay).round({ smallestUnit: 'hour', roundingMode: 'ceil' });
}

/** How many exports of the same part of a window failed, at most. */
export function failuresIn(window: Span, failures: readonly WindowEntry[]): number {
  const overlapping = failures.filter((failure) => overlaps(failure.window, window));
  const depths = overlapping.map(
    ({ window: { start } }) =>
      overlapping.filter(({ window: other }) => !isAfter(other.start, start) && isAfter(other.end, start))
        .length,
  );
  return Math.max(0, ...depths);
}

/** The exports that failed and were ordered since a request arrived. */
export function failuresSince(
  { arrivedAt }: Pick<RequestTerms, 'arrivedAt'>,
  { failures }: Pick<FilterCoverage, 'failures'>,
): WindowEntry[] {
  return failures.filter(({ orderedAt }) => orderedAt && !isBefore(orderedAt, arrivedAt));
}

const NOTHING: Need = { spans: [], isUrgent: false, exhausted: [] };

// Bounded by the arrival: a `seenUntil` in the future would be exported again and again, up to each new now.
function sightOf({ seenUntil, arrivedAt }: RequestTerms, { start, end }: Span): Span {
  return { start, end: later(start, earlier(end, earlier(seenUntil, arrivedAt))) };
}

// By parts and not by requests: otherwise failures of some parts would exhaust a long request.
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
