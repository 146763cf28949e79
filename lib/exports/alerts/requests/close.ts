import { type AlertRequest, MOST_TASKS } from '../../../domain/ledger/request-row.ts';
import { filtersDigest, type WindowEntry } from '../../../domain/ledger/window-row.ts';
import { type Instant, isAfter, isBefore } from '../../../domain/time/instant.ts';
import { oldestExportable } from '../../../domain/time/retention.ts';
import { before, intersection, leftOf, type Span, union, without } from '../../../domain/time/spans.ts';
import { type At, type Coverage, coverageBy, servingTasks } from './coverage.ts';

/** What has become of a request: to be told, and then written. */
export type Closing = {
  request: AlertRequest;
  /** What Huawei no longer has of it, and was not told before. */
  newlyLost: readonly Span[];
  /** What Huawei no longer has of it, and was told before, of it or of another that the same finding asked for. */
  toldLost: readonly Span[];
  /** The request as it is to be written; fenced by whoever writes it. */
  next: Pick<AlertRequest, 'state' | 'lost' | 'tasks' | 'shownUntil'>;
  /** Of the tasks: those that nobody says of how they ended, although they were published more than a day ago. */
  unconfirmed: readonly string[];
};

/**
 * The requests that are over by now, or of which more is lost than was written. `others` are those that stand beside them:
 * each repeat of a finding is a request of its own, and what one of them was told as lost is no news of the next. Pure:
 * writes and tells nothing.
 */
export function closings(
  requests: readonly AlertRequest[],
  entries: readonly WindowEntry[],
  at: At,
  others: readonly AlertRequest[] = [],
): Closing[] {
  const coverageFor = coverageBy(entries, at);
  const told = new Map<string, readonly Span[]>();
  const tell = (request: AlertRequest, lost: readonly Span[]) =>
    told.set(causeOf(request), union([...(told.get(causeOf(request)) ?? []), ...lost]));
  for (const other of others) tell(other, other.lost);
  return requests.flatMap((request) => {
    const found = closing(request, coverageFor(request.filters), at, told.get(causeOf(request)));
    if (found) tell(request, found.next.lost);
    return found ?? [];
  });
}

function causeOf({ alertId, filters }: AlertRequest): string {
  return `${filtersDigest(filters)} ${alertId}`;
}

function closing(
  request: AlertRequest,
  coverage: Coverage,
  { now, target }: At,
  told: readonly Span[] = [],
): Closing | undefined {
  const { window } = request;
  const [old] = before([window], oldestExportable(now));
  const missing = old ? leftOf(old, coverage.complete) : [];
  const known = union([...request.lost, ...intersection(missing, told)]);
  const newlyLost = without(missing, known).filter((span) => !isGoingOn(span, known, { window, now }));
  const lost = union([...known, ...newlyLost]);
  const isComplete = !isAfter(window.end.add(target.window.delay), now);
  const isOver = without([window], [...coverage.done, ...lost]).length === 0;
  // What is lost as a whole is over at once, whatever its end says.
  const isLost = leftOf(window, lost).length === 0;
  if (!isLost && !(isComplete && isOver))
    return without(lost, request.lost).length === 0
      ? undefined
      : { request, newlyLost, toldLost: known, next: open(request, lost), unconfirmed: [] };
  const tasks = [...new Set(servingTasks(request, coverage))].slice(0, MOST_TASKS);
  const unconfirmed = servingTasks(request, {
    exports: coverage.exports.filter(({ state }) => state === 'published'),
  });
  const shown = lost.length > 0 ? { shownUntil: now.add(SHOWN) } : {};
  const next = { state: isLost ? ('lost' as const) : ('served' as const), lost, tasks, ...shown };
  return { request, newlyLost, toldLost: known, next, unconfirmed };
}

// So that who looks once a week sees every loss.
const SHOWN = { hours: 7 * 24 };

function open({ tasks }: AlertRequest, lost: readonly Span[]): Closing['next'] {
  return { state: 'open', lost, tasks };
}

// What goes on to be lost is told once a day, and not a piece with each sweep.
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
