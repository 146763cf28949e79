import pMap from 'p-map';
import { TaskFailedError } from '../../../domain/errors.ts';
import type { Target } from '../../../domain/input/target.ts';
import { nextVersion } from '../../../domain/ledger/compare-and-set.ts';
import type { AlertRequest } from '../../../domain/ledger/request-row.ts';
import type { WindowEntry } from '../../../domain/ledger/window-row.ts';
import { type Instant, isAfter } from '../../../domain/time/instant.ts';
import { type Span, spanText, union, without } from '../../../domain/time/spans.ts';
import type { OpenRows } from '../../../ports.ts';
import type { RunPorts } from '../../../run-ports.ts';
import type { WindowResult } from '../../window/report.ts';
import { type Closing, closings } from './close.ts';
import type { ExportPlan } from './plan.ts';
import { readableRequests } from './rows.ts';

/** The requests that are still open, and what a report says of those that are not. */
export type Closed = { open: AlertRequest[]; results: WindowResult[] };

type Closable = {
  requests: readonly AlertRequest[];
  entries: readonly WindowEntry[];
  /** Whether nobody has just read what Huawei's task list says of their exports; asked where one would be closed without that. */
  isListUnread: () => Promise<boolean>;
  /** Those that stand beside them; asked for where something is lost. */
  others: () => Promise<readonly AlertRequest[]>;
};

/** What has become of the requests by now; of a storm some are left for the next sweep. Writes and tells nothing. */
export async function findClosings(
  { clock }: Pick<RunPorts, 'clock'>,
  target: Target,
  { requests, entries, isListUnread, others }: Closable,
): Promise<Closing[]> {
  const now = clock();
  const at = { target, now };
  const patient = closings(requests, entries, at);
  // Of a storm this is the most work of a sweep, so it is done again only where it may come to something else.
  const strict = closedOf(patient) > 0 ? closings(requests, entries, { ...at, isListUnread: true }) : patient;
  const isUnread = closedOf(patient) > closedOf(strict) && (await isListUnread());
  const alone = isUnread ? strict : patient;
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
 * Closes what is over, and tells what is lost before that is written, so that no run that dies leaves it untold. One that
 * another run has written meanwhile is left to that run.
 */
export async function closeRequests(
  ports: RunPorts,
  target: Target,
  { requests, found }: { requests: readonly AlertRequest[]; found: readonly Closing[] },
): Promise<Closed> {
  for (const closing of found) tell(ports, target, closing);
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

/** Takes losses out of what `status` shows, when they have been there long enough to be seen. */
export async function hideOldLosses(ports: RunPorts, listed: Pick<OpenRows, 'requests'>): Promise<void> {
  const now = ports.clock();
  const old = readableRequests(listed).filter((request) => isShownLongEnough(request, now));
  const hide = ({ shownUntil: _, ...request }: AlertRequest) => save(ports, request);
  await pMap(old.slice(0, AT_MOST), hide, { concurrency: WRITES_AT_ONCE });
}

/** Of a closed request: whether its loss need not be shown any more. */
export function isShownLongEnough({ shownUntil }: AlertRequest, now: Instant): boolean {
  return shownUntil !== undefined && !isAfter(shownUntil, now);
}

/** Tells of parts of requests that they are not ordered any more: once, and again where another number is allowed. */
export async function tellExhausted(
  ports: RunPorts,
  target: Target,
  { exhausted }: Pick<ExportPlan, 'exhausted'>,
  requests: readonly AlertRequest[],
): Promise<WindowResult[]> {
  const news = requests.flatMap((request) => newlyExhausted(request, target, exhausted.get(request)) ?? []);
  const results = news.flatMap(({ request, spans }) =>
    spans.map((window) => tellSpan(ports, target, { request, window })),
  );
  await pMap(news, ({ request, all }) => save(ports, { ...request, exhausted: all }), {
    concurrency: WRITES_AT_ONCE,
  });
  return results;
}

function newlyExhausted(request: AlertRequest, { maxAttempts }: Target, found: readonly Span[] = []) {
  const { attempts, spans: told = [] } = request.exhausted ?? {};
  const known = attempts === maxAttempts ? told : [];
  const spans = without(found, known);
  if (spans.length === 0) return undefined;
  return { request, spans, all: { attempts: maxAttempts, spans: union([...known, ...spans]) } };
}

// 10,000 requests that end at once must not keep a sweep from its exports.
const AT_MOST = 2_000;
const WRITES_AT_ONCE = 8;

function tell(
  { observe }: RunPorts,
  { id: targetId }: Target,
  { request, newlyLost, unconfirmed }: Closing,
): void {
  const { alertId, filters } = request;
  for (const window of newlyLost) observe({ type: 'request_lost', targetId, alertId, window, filters });
  if (unconfirmed.length > 0)
    observe({ type: 'request_unconfirmed', targetId, alertId, window: request.window, tasks: unconfirmed });
}

function tellSpan(
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

/** The request as it then is; undefined where another run has written it meanwhile. */
export async function save(
  { ledger, clock }: Pick<RunPorts, 'ledger' | 'clock'>,
  request: AlertRequest,
): Promise<AlertRequest | undefined> {
  const next = nextVersion(request, clock());
  return (await ledger.saveRequest(next)) ? next : undefined;
}
