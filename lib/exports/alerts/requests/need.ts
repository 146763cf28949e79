import type { AskedRequest } from '../../../domain/alert-request.ts';
import { earlier, type Instant, isAfter, isBefore, later } from '../../../domain/instant.ts';
import { oldestExportable } from '../../../domain/retention.ts';
import { overlaps, type Span } from '../../../domain/span.ts';
import { from, intersection, leftOf, union } from '../../../domain/spans.ts';
import type { Target } from '../../../domain/target.ts';
import type { WindowEntry } from '../../../domain/window-record.ts';
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
