import { type AlertRequest, MOST_TASK_IDS } from '../../../domain/ledger/request-row.ts';
import { filtersDigest, type WindowEntry } from '../../../domain/ledger/window-row.ts';
import { type Instant, isAfter, isBefore } from '../../../domain/time/instant.ts';
import { oldestExportable } from '../../../domain/time/retention.ts';
import { before, intersection, leftOf, type Span, union, without } from '../../../domain/time/spans.ts';
import { type At, coverageBy, type FilterCoverage, servingTasks } from './coverage.ts';

/** The next state of a request: to be reported, and then written. */
export type Closing = {
  request: AlertRequest;
  /** The parts that Huawei no longer has and that were not reported before. */
  newlyLost: readonly Span[];
  /**
   * The parts that Huawei no longer has and that were reported before, for this request or another of the same finding.
   */
  reportedLost: readonly Span[];
  /** The changes to write. */
  next: Pick<AlertRequest, 'state' | 'lost' | 'tasks' | 'shownUntil'>;
  /** The tasks that were published more than a day ago and are still unconfirmed. */
  unconfirmed: readonly string[];
};

/**
 * The requests to close by now, and those of which more is lost than their row says. `others` are the target's other
 * requests: each repeat of a finding is a request of its own, and a loss is reported for one of them only. Pure: writes and
 * reports nothing.
 */
export function closings(
  requests: readonly AlertRequest[],
  entries: readonly WindowEntry[],
  at: At,
  others: readonly AlertRequest[] = [],
): Closing[] {
  const coverageFor = coverageBy(entries, at);
  const reported = new Map<string, readonly Span[]>();
  const addReported = (request: AlertRequest, lost: readonly Span[]) =>
    reported.set(causeOf(request), union([...(reported.get(causeOf(request)) ?? []), ...lost]));
  for (const other of others) addReported(other, other.lost);
  return requests.flatMap((request) => {
    const found = closing(request, coverageFor(request.filters), at, reported.get(causeOf(request)));
    if (found) addReported(request, found.next.lost);
    return found ?? [];
  });
}

function causeOf({ alertId, filters }: AlertRequest): string {
  return `${filtersDigest(filters)} ${alertId}`;
}

function closing(
  request: AlertRequest,
  coverage: FilterCoverage,
  { now, target }: At,
  reported: readonly Span[] = [],
): Closing | undefined {
  const { window } = request;
  const [old] = before([window], oldestExportable(now));
  const missing = old ? leftOf(old, coverage.complete) : [];
  const known = union([...request.lost, ...intersection(missing, reported)]);
  const newlyLost = without(missing, known).filter((span) => !isGoingOn(span, known, { window, now }));
  const lost = union([...known, ...newlyLost]);
  const isComplete = !isAfter(window.end.add(target.window.delay), now);
  const isOver = without([window], [...coverage.done, ...lost]).length === 0;
  // A request that is lost as a whole is closed at once, even before its end is due.
  const isLost = leftOf(window, lost).length === 0;
  if (!isLost && !(isComplete && isOver))
    return without(lost, request.lost).length === 0
      ? undefined
      : { request, newlyLost, reportedLost: known, next: open(request, lost), unconfirmed: [] };
  const tasks = [...new Set(servingTasks(request, coverage))].slice(0, MOST_TASK_IDS);
  const unconfirmed = servingTasks(request, {
    exports: coverage.exports.filter(({ state }) => state === 'published'),
  });
  const shown = lost.length > 0 ? { shownUntil: now.add(SHOWN) } : {};
  const next = { state: isLost ? ('lost' as const) : ('served' as const), lost, tasks, ...shown };
  return { request, newlyLost, reportedLost: known, next, unconfirmed };
}

// Somebody who reads `status` once a week sees every loss.
const SHOWN = { hours: 7 * 24 };

function open({ tasks }: AlertRequest, lost: readonly Span[]): Closing['next'] {
  return { state: 'open', lost, tasks };
}

// Where a loss grows as the cutoff moves on, it is reported once a day and not at each sweep.
function isGoingOn(
  span: Span,
  known: readonly Span[],
  { window, now }: { window: Span; now: Instant },
): boolean {
  const cutoff = oldestExportable(now);
  const isAfterLoss = known.some(({ end }) => end.equals(span.start));
  const isCrossing = span.end.equals(cutoff) && isAfter(window.end, cutoff);
  return isAfterLoss && isCrossing && isBefore(cutoff, span.start.add(A_DAY));
}

const A_DAY = { hours: 24 };
