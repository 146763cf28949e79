import pMap from 'p-map';
import { TaskFailedError } from '../../../domain/exports/task-errors.ts';
import type { Target } from '../../../domain/input/target.ts';
import { nextVersion } from '../../../domain/ledger/compare-and-set.ts';
import type { AlertRequest } from '../../../domain/ledger/request-row.ts';
import type { WindowEntry } from '../../../domain/ledger/window-row.ts';
import { type Instant, isAfter } from '../../../domain/time/instant.ts';
import { type Span, spanText, union, without } from '../../../domain/time/spans.ts';
import type { OpenRows } from '../../../ports.ts';
import type { RunPorts } from '../../../run-ports.ts';
import type { WindowResult } from '../../window/outcome.ts';
import { type Closing, closings } from './closings.ts';
import type { ExportPlan } from './plan-exports.ts';
import { readableRequests } from './rows.ts';

/** The requests that are still open, and the results for the run's report. */
export type Closed = { open: AlertRequest[]; results: WindowResult[] };

type Closable = {
  requests: readonly AlertRequest[];
  entries: readonly WindowEntry[];
  /**
   * Whether Huawei's task list was not read for their exports just now; called where a request would be closed without
   * that.
   */
  isListUnread: () => Promise<boolean>;
  /** The other listed requests of the target; called where something is lost. */
  others: () => Promise<readonly AlertRequest[]>;
};

/** Finds the requests to close by now; in a storm some are left for the next sweep. Writes and reports nothing. */
export async function findClosings(
  { clock }: Pick<RunPorts, 'clock'>,
  target: Target,
  { requests, entries, isListUnread, others }: Closable,
): Promise<Closing[]> {
  const now = clock();
  const at = { target, now };
  const lenient = closings(requests, entries, at);
  // In a storm this is most of a sweep's work, so it is repeated only where the result may differ.
  const strict = closedOf(lenient) > 0 ? closings(requests, entries, { ...at, isListUnread: true }) : lenient;
  const isUnread = closedOf(lenient) > closedOf(strict) && (await isListUnread());
  const alone = isUnread ? strict : lenient;
  const hasLoss = alone.some(({ newlyLost }) => newlyLost.length > 0);
  const all = hasLoss
    ? closings(requests, entries, { ...at, isListUnread: isUnread }, await others())
    : alone;
  return all.slice(0, AT_MOST);
}

function closedOf(found: readonly Closing[]): number {
  return found.filter(({ next }) => next.state !== 'open').length;
}

/**
 * Closes requests. Losses are reported before they are written, so that a run that dies leaves none unreported. A request
 * that another run has written in the meantime is left to that run.
 */
export async function closeRequests(
  ports: RunPorts,
  target: Target,
  { requests, found }: { requests: readonly AlertRequest[]; found: readonly Closing[] },
): Promise<Closed> {
  for (const closing of found) report(ports, target, closing);
  const written = await pMap(found, ({ request, next }) => save(ports, { ...request, ...next }), {
    concurrency: WRITES_AT_ONCE,
  });
  const now = new Map(found.map(({ request }, index) => [request, written[index]]));
  const lost = found.flatMap(({ newlyLost }) => newlyLost);
  return {
    open: requests
      .flatMap((request) => (now.has(request) ? (now.get(request) ?? []) : [request]))
      .filter(({ state }) => state === 'open'),
    results: lost.map((window) => ({ window, result: { outcome: 'lost' } })),
  };
}

/** Removes losses from what `status` shows once they were shown long enough. */
export async function hideOldLosses(ports: RunPorts, listed: Pick<OpenRows, 'requests'>): Promise<void> {
  const now = ports.clock();
  const old = readableRequests(listed).filter((request) => isShownLongEnough(request, now));
  const hide = ({ shownUntil: _, ...request }: AlertRequest) => save(ports, request);
  await pMap(old.slice(0, AT_MOST), hide, { concurrency: WRITES_AT_ONCE });
}

/** Whether the loss of a closed request need not be shown any more. */
export function isShownLongEnough({ shownUntil }: AlertRequest, now: Instant): boolean {
  return shownUntil !== undefined && !isAfter(shownUntil, now);
}

/** Reports the parts of requests that are exhausted: once, and once more where `max_attempts` has changed. */
export async function reportExhausted(
  ports: RunPorts,
  target: Target,
  { exhausted }: Pick<ExportPlan, 'exhausted'>,
  requests: readonly AlertRequest[],
): Promise<WindowResult[]> {
  const unreported = requests.flatMap(
    (request) => newlyExhausted(request, target, exhausted.get(request)) ?? [],
  );
  const results = unreported.flatMap(({ request, spans }) =>
    spans.map((window) => reportExhaustedSpan(ports, target, { request, window })),
  );
  await pMap(unreported, ({ request, all }) => save(ports, { ...request, exhausted: all }), {
    concurrency: WRITES_AT_ONCE,
  });
  return results;
}

function newlyExhausted(request: AlertRequest, { maxAttempts }: Target, found: readonly Span[] = []) {
  const { attempts, spans: reported = [] } = request.exhausted ?? {};
  const known = attempts === maxAttempts ? reported : [];
  const spans = without(found, known);
  if (spans.length === 0) return undefined;
  return { request, spans, all: { attempts: maxAttempts, spans: union([...known, ...spans]) } };
}

// 10,000 requests that end at the same time must not delay a sweep's exports.
const AT_MOST = 2_000;
const WRITES_AT_ONCE = 8;

function report(
  { observe }: RunPorts,
  { id: targetId }: Target,
  { request, newlyLost, unconfirmed }: Closing,
): void {
  const { alertId, filters } = request;
  for (const window of newlyLost) observe({ type: 'request_lost', targetId, alertId, window, filters });
  if (unconfirmed.length > 0)
    observe({ type: 'request_unconfirmed', targetId, alertId, window: request.window, tasks: unconfirmed });
}

function reportExhaustedSpan(
  { observe }: RunPorts,
  { id: targetId, maxAttempts }: Target,
  { request: { alertId }, window }: { request: AlertRequest; window: Span },
): WindowResult {
  const { start, end } = spanText(window);
  const error = new TaskFailedError(
    `Huawei accepted ${maxAttempts} exports of ${start}/${end} for alert ${alertId}, and all of them failed; no other is ordered unless max_attempts is raised.`,
  );
  observe({ type: 'request_exhausted', targetId, alertId, window, error });
  return { window, result: { outcome: 'failed', error } };
}

/** Writes the next version of a request; undefined where another run has written the request in the meantime. */
export async function save(
  { ledger, clock }: Pick<RunPorts, 'ledger' | 'clock'>,
  request: AlertRequest,
): Promise<AlertRequest | undefined> {
  const next = nextVersion(request, clock());
  return (await ledger.saveRequest(next)) ? next : undefined;
}
