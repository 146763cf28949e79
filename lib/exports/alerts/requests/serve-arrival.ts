import type { Target } from '../../../domain/input/target.ts';
import type { AlertRequest, RequestTerms } from '../../../domain/ledger/request-row.ts';
import { oldestExportable } from '../../../domain/time/retention.ts';
import { before, leftOf, type Span, without } from '../../../domain/time/spans.ts';
import type { RunPorts } from '../../../run-ports.ts';
import type { Limits } from '../../window/jobs.ts';
import type { WindowResult } from '../../window/outcome.ts';
import { closeRequests, findClosings, reportExhausted, save } from './close-requests.ts';
import { coverageBy } from './coverage.ts';
import { keepRequests } from './keep-requests.ts';
import { type Ordered, orderExports } from './order-exports.ts';
import { ON_ARRIVAL, planExports } from './plan-exports.ts';
import { reportReceived, reportWaiting } from './report-arrival.ts';
import { exportsFor, type ListedExports, openRequests, readableRequests } from './rows.ts';

/** What a run did for requests that arrived. */
export type Arrived = {
  results: WindowResult[];
  /** The requests that are not exported whole yet. */
  open: readonly AlertRequest[];
  /** How many needs were joined without their own filters. */
  coalesced: number;
};

/**
 * Stores requests, and exports at once what was seen already. A copy of a request that has come before adds nothing. Throws
 * where the ledger fails after the requests are stored; the next sweep then serves them.
 */
export async function serveArrival(
  ports: RunPorts,
  { target, terms }: { target: Target; terms: readonly RequestTerms[] },
  limits: Limits,
): Promise<Arrived> {
  const { ledger, clock } = ports;
  const { kept, results } = await keepRequests(ports, target, terms);
  const listed = await exportsFor(ledger, target.id, { requests: kept, now: clock() });
  const own = await openAmong(ports, target, { kept, listed });
  const found = await findClosings(ports, target, {
    requests: own,
    entries: listed.entries,
    isListUnread: async () => true,
    others: async () => readableRequests(await ledger.listOpen(target.id)),
  });
  results.push(...reportReceived(ports, target, { kept, listed, found }));
  const closed = await closeRequests(ports, target, { requests: own, found });
  results.push(...closed.results);
  const ordered = await orderFor(ports, { target, own: closed.open, listed }, limits);
  if (ordered) results.push(...ordered.results);
  return { results, open: closed.open, coalesced: ordered?.plan.coalesced ?? 0 };
}

type Known = { kept: readonly AlertRequest[]; listed: ListedExports };

/**
 * The requests that are open. A closed request is opened again by its copy where more can be exported: an export of it has
 * failed since, or a clock that was ahead reported a part as lost that Huawei still has.
 */
async function openAmong(ports: RunPorts, target: Target, { kept, listed }: Known): Promise<AlertRequest[]> {
  const now = ports.clock();
  const coverageFor = coverageBy(listed.entries, { target, now });
  const own: AlertRequest[] = [];
  for (const request of kept) {
    const lost = before(request.lost, oldestExportable(now));
    const missing = without(leftOf(request.window, coverageFor(request.filters).complete), lost);
    if (request.state === 'open') own.push(request);
    else if (missing.length > 0) own.push(...(await openAgain(ports, request, lost)));
  }
  return own;
}

/** Empty where another run has written the request in the meantime. */
async function openAgain(
  ports: RunPorts,
  request: AlertRequest,
  lost: readonly Span[],
): Promise<AlertRequest[]> {
  const { shownUntil: _, ...rest } = request;
  const opened = await save(ports, { ...rest, lost, state: 'open' });
  return opened ? [opened] : [];
}

type Own = { target: Target; own: readonly AlertRequest[]; listed: ListedExports };

/**
 * Orders exports for the requests that arrived. Where one of them needs an export now, all open requests of the target are
 * listed and planned together, because the slots of an hour are few. Otherwise that listing is saved.
 */
async function orderFor(
  ports: RunPorts,
  { target, own, listed }: Own,
  limits: Limits,
): Promise<Ordered | undefined> {
  const { ledger, clock } = ports;
  if (own.length === 0) return undefined;
  const plan = planExports({
    target,
    now: clock(),
    requests: own,
    entries: listed.entries,
    interval: ON_ARRIVAL,
  });
  if (plan.exports.length === 0) {
    const exhausted = await reportExhausted(ports, target, plan, own);
    return { plan, results: [...exhausted, ...reportWaiting(ports, target, plan, own)] };
  }
  let all: readonly AlertRequest[] = own;
  const read = async () => {
    const open = await ledger.listOpen(target.id);
    all = withOwn(openRequests(open), own);
    return { requests: all, ...(await exportsFor(ledger, target.id, { requests: all, now: clock() })) };
  };
  const ordered = await orderExports(ports, { target, read, interval: ON_ARRIVAL }, limits);
  const exhausted = await reportExhausted(ports, target, ordered.plan, all);
  const waiting = reportWaiting(ports, target, ordered.plan, own);
  return { ...ordered, results: [...ordered.results, ...exhausted, ...waiting] };
}

// A request whose row cannot be read is not among the listed ones.
function withOwn(open: readonly AlertRequest[], own: readonly AlertRequest[]): AlertRequest[] {
  const written = new Set(open.map(({ writeId }) => writeId));
  return [...open, ...own.filter(({ writeId }) => !written.has(writeId))];
}
