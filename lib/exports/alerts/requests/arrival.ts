import type { Target } from '../../../domain/input/target.ts';
import type { AlertRequest, AskedRequest } from '../../../domain/ledger/request-row.ts';
import { oldestExportable } from '../../../domain/time/retention.ts';
import { before, leftOf, type Span, without } from '../../../domain/time/spans.ts';
import type { RunPorts } from '../../../run-ports.ts';
import type { Limits } from '../../window/jobs.ts';
import type { WindowResult } from '../../window/report.ts';
import { closeRequests, findClosings, save, tellExhausted } from './close-requests.ts';
import { coverageBy } from './coverage.ts';
import { keepRequests } from './keep-requests.ts';
import { type Ordered, orderExports } from './order-exports.ts';
import { ON_ARRIVAL, planExports } from './plan.ts';
import { exportsFor, type ListedExports, openRequests, readableRequests } from './rows.ts';
import { tellReceived, tellWaiting } from './tell-arrival.ts';

/** What was done about requests that came in. */
export type Arrived = {
  results: WindowResult[];
  /** Those that came and are not all exported yet. */
  open: readonly AlertRequest[];
  /** How many needs were joined without their own filters. */
  coalesced: number;
};

/**
 * Keeps requests, and exports what of them was seen already. Where one has come before, its copy adds nothing. Throws
 * where the ledger fails after they are kept: then the next sweep goes on with them.
 */
export async function serveArrival(
  ports: RunPorts,
  { target, asked }: { target: Target; asked: readonly AskedRequest[] },
  limits: Limits,
): Promise<Arrived> {
  const { ledger, clock } = ports;
  const { kept, results } = await keepRequests(ports, target, asked);
  const listed = await exportsFor(ledger, target.id, { requests: kept, now: clock() });
  const own = await openAmong(ports, target, { kept, listed });
  const found = await findClosings(ports, target, {
    requests: own,
    entries: listed.entries,
    isListUnread: async () => true,
    others: async () => readableRequests(await ledger.listOpen(target.id)),
  });
  results.push(...tellReceived(ports, target, { kept, listed, found }));
  const closed = await closeRequests(ports, target, { requests: own, found });
  results.push(...closed.results);
  const ordered = await orderFor(ports, { target, own: closed.open, listed }, limits);
  if (ordered) results.push(...ordered.results);
  return { results, open: closed.open, coalesced: ordered?.plan.coalesced ?? 0 };
}

type Known = { kept: readonly AlertRequest[]; listed: ListedExports };

/**
 * Those that are open. One is opened again where its copy comes and there is more to have: what served it has failed since,
 * or a clock that was ahead told as lost what Huawei still has.
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

/** None where another run has written it meanwhile. */
async function openAgain(
  ports: RunPorts,
  request: AlertRequest,
  lost: readonly Span[],
): Promise<AlertRequest[]> {
  const { shownUntil: _, ...asked } = request;
  const opened = await save(ports, { ...asked, lost, state: 'open' });
  return opened ? [opened] : [];
}

type Own = { target: Target; own: readonly AlertRequest[]; listed: ListedExports };

/**
 * Only where the requests that came need an export now are all that are open looked at: that costs a listing, and the
 * exports of an hour are few. Then all are planned for, because each that came alone would take a slot from many.
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
    const exhausted = await tellExhausted(ports, target, plan, own);
    return { plan, results: [...exhausted, ...tellWaiting(ports, target, plan, own)] };
  }
  let all: readonly AlertRequest[] = own;
  const look = async () => {
    const open = await ledger.listOpen(target.id);
    all = withOwn(openRequests(open), own);
    return { requests: all, ...(await exportsFor(ledger, target.id, { requests: all, now: clock() })) };
  };
  const ordered = await orderExports(ports, { target, look, interval: ON_ARRIVAL }, limits);
  const exhausted = await tellExhausted(ports, target, ordered.plan, all);
  const waiting = tellWaiting(ports, target, ordered.plan, own);
  return { ...ordered, results: [...ordered.results, ...exhausted, ...waiting] };
}

// One whose row cannot be read is not among those that are.
function withOwn(open: readonly AlertRequest[], own: readonly AlertRequest[]): AlertRequest[] {
  const written = new Set(open.map(({ writeId }) => writeId));
  return [...open, ...own.filter(({ writeId }) => !written.has(writeId))];
}
