import { type AlertRequest, MOST_TASKS } from '../../../domain/alert-request.ts';
import { type Instant, isAfter, isBefore } from '../../../domain/instant.ts';
import { oldestExportable } from '../../../domain/retention.ts';
import type { Span } from '../../../domain/span.ts';
import { before, leftOf, union, without } from '../../../domain/spans.ts';
import type { WindowEntry } from '../../../domain/window-record.ts';
import { type At, type Coverage, coverageBy, servingTasks } from './coverage.ts';

/** What has become of a request: to be told, and then written. */
export type Closing = {
  request: AlertRequest;
  /** What Huawei no longer has of it, and what was not told before. */
  newlyLost: readonly Span[];
  /** The request as it is to be written; fenced by whoever writes it. */
  next: Pick<AlertRequest, 'state' | 'lost' | 'tasks' | 'shownUntil'>;
  /** Of the tasks: those that nobody says of how they ended, although they were published more than a day ago. */
  unconfirmed: readonly string[];
};

/** The requests that are over by now, or of which more is lost than was told. Pure: writes and tells nothing. */
export function closings(
  requests: readonly AlertRequest[],
  entries: readonly WindowEntry[],
  at: At,
): Closing[] {
  const coverageFor = coverageBy(entries, at);
  return requests.flatMap((request) => closing(request, coverageFor(request.filters), at) ?? []);
}

function closing(request: AlertRequest, coverage: Coverage, { now, target }: At): Closing | undefined {
  const { window } = request;
  const [old] = before([window], oldestExportable(now));
  const missing = old ? without(leftOf(old, coverage.complete), request.lost) : [];
  const newlyLost = missing.filter((span) => !isGoingOn(span, request, { edge: oldestExportable(now) }));
  const lost = union([...request.lost, ...newlyLost]);
  const isComplete = !isAfter(window.end.add(target.window.settle), now);
  const isOver = without([window], [...coverage.done, ...lost]).length === 0;
  // What is lost as a whole is over at once, whatever its end says.
  const isLost = leftOf(window, lost).length === 0;
  if (!isLost && !(isComplete && isOver))
    return newlyLost.length === 0
      ? undefined
      : { request, newlyLost, next: open(request, lost), unconfirmed: [] };
  const tasks = [...new Set(servingTasks(request, coverage))].slice(0, MOST_TASKS);
  const unconfirmed = servingTasks(request, {
    exports: coverage.exports.filter(({ state }) => state === 'announced'),
  });
  const shown = lost.length > 0 ? { shownUntil: now.add(SHOWN) } : {};
  const next = { state: isLost ? ('lost' as const) : ('served' as const), lost, tasks, ...shown };
  return { request, newlyLost, next, unconfirmed };
}

// So that who looks once a week sees every loss.
const SHOWN = { hours: 7 * 24 };

function open({ tasks }: AlertRequest, lost: readonly Span[]): Closing['next'] {
  return { state: 'open', lost, tasks };
}

// What goes on to be lost is told once a day, and not a piece with each sweep.
function isGoingOn(span: Span, { lost, window }: AlertRequest, { edge }: { edge: Instant }): boolean {
  const isAfterLoss = lost.some(({ end }) => end.equals(span.start));
  const isCrossing = span.end.equals(edge) && isAfter(window.end, edge);
  return isAfterLoss && isCrossing && isBefore(edge, span.start.add(A_DAY));
}

const A_DAY = { hours: 24 };
