import { InfrastructureError, InterruptedError } from '../../../domain/errors.ts';
import type { Target } from '../../../domain/input/target.ts';
import type { AlertRequest, UnreadableRequest } from '../../../domain/ledger/request-row.ts';
import { isOfAlerts, type WindowEntry } from '../../../domain/ledger/window-row.ts';
import { type Instant, isAfter, isBefore } from '../../../domain/time/instant.ts';
import { oldestExportable } from '../../../domain/time/retention.ts';
import type { LedgerReader, OpenRows } from '../../../ports.ts';
import type { RunPorts } from '../../../run-ports.ts';
import { confirmTasks } from '../../confirmation/confirm.ts';
import type { TaskSearch } from '../../confirmation/find-tasks.ts';
import { failedForAlerts } from '../../run/list-outage.ts';
import { repairUnreadable } from '../../run/repair.ts';
import { publishKept } from '../../window/export-window.ts';
import { asUnreadable, findOrReport } from '../../window/find-row.ts';
import { type Job, type Limits, runJobs } from '../../window/jobs.ts';
import { nextActionOf } from '../../window/next-action.ts';
import type { WindowResult } from '../../window/outcome.ts';
import * as transitions from '../../window/transitions.ts';
import {
  closeRequests,
  findClosings,
  hideOldLosses,
  isShownLongEnough,
  reportExhausted,
} from './close-requests.ts';
import { coverageBy } from './coverage.ts';
import { dueAt, needOf } from './needs.ts';
import { orderExports } from './order-exports.ts';
import { ON_SWEEP } from './plan-exports.ts';
import { exportsFor, openRequests, readableRequests } from './rows.ts';

/** The work that is left for a target's alerts. `urgent`: some seen activity is in no export yet. */
export type AlertWork = 'urgent' | 'due' | 'none';

/**
 * Whether there is work for a target's alerts. Requests that only wait until their rest is due need none; sweeps find mostly
 * these.
 */
export async function alertWork(
  ledger: Pick<LedgerReader, 'list' | 'newestExports'>,
  { target, open, now }: { target: Target; open: OpenRows; now: Instant },
): Promise<AlertWork> {
  const requests = openRequests(open);
  const isIdle = open.requests.every((one) => isWaiting(one, target, now));
  const hasDueWork = !isIdle || open.windows.some(isOfAlerts);
  if (requests.length === 0) return hasDueWork ? 'due' : 'none';
  const { entries } = await exportsFor(ledger, target.id, { requests, now });
  const coverageFor = coverageBy(entries, { target, now });
  const isUrgent = (request: AlertRequest) =>
    needOf(request, coverageFor(request.filters), { target, now }).isUrgent;
  if (requests.some(isUrgent)) return 'urgent';
  return hasDueWork ? 'due' : 'none';
}

function isWaiting(request: AlertRequest | UnreadableRequest, target: Target, now: Instant): boolean {
  if (request.state === 'unreadable') return false;
  if (request.state !== 'open') return !isShownLongEnough(request, now);
  return isAfter(dueAt(request, target), now) && !isBefore(request.window.start, oldestExportable(now));
}

type Sweeping = {
  target: Target;
  open: OpenRows;
  /** The run has not processed the scheduled windows yet. */
  isFirst: boolean;
  search: TaskSearch;
};

/**
 * The work of a run on a target's requests: confirms the exports for alerts, closes the requests that are exported whole, and
 * orders what is needed by now. Throws where the ledger fails.
 */
export async function sweepRequests(
  ports: RunPorts,
  { target, open, isFirst, search }: Sweeping,
  limits: Limits,
): Promise<WindowResult[]> {
  const { ledger, clock } = ports;
  const unreadable = reportUnreadable(ports, target, open);
  const openExports = open.windows.filter(isOfAlerts);
  await hideOldLosses(ports, open);
  const requests = openRequests(open);
  if (requests.length + openExports.length === 0) return unreadable;
  await ledger.expireRequests(target.id, clock());
  const exports = await finishDead(ports, await repairUnreadable(ports, openExports));
  const cutoff = oldestExportable(clock());
  const confirming = { target, entries: exports, cutoff, search };
  const confirmation = await confirmTasks(ports, confirming, limits.signal);
  const { verdicts } = confirmation;
  const published = await publishAllKept(ports, target, confirmation.entries, limits);
  const list = async (of: readonly AlertRequest[]) => {
    const listed = await exportsFor(ledger, target.id, { requests: of, now: clock() });
    return { ...listed, entries: asFound(listed.entries, confirmation.entries) };
  };
  const listed = await list(requests);
  const found = await findClosings(ports, target, {
    requests,
    entries: listed.entries,
    isListUnread: async () => isFirst || !confirmation.isAnswered || (await isListDown(ports, target)),
    others: async () => readableRequests(open),
  });
  const closed = await closeRequests(ports, target, { requests, found });
  let isUnchanged = true;
  const read = async () => {
    // Closing requests has changed no export.
    const known = isUnchanged ? listed : await list(closed.open);
    isUnchanged = false;
    return { requests: closed.open, ...known };
  };
  const { results, plan } = await orderExports(ports, { target, read, interval: ON_SWEEP }, limits);
  const exhausted = await reportExhausted(ports, target, plan, closed.open);
  const overdue = failedForAlerts(ports, target, confirmation);
  return [...unreadable, ...verdicts, ...overdue, ...published, ...closed.results, ...results, ...exhausted];
}

// The run has read the list for the scheduled windows, which may serve a request too, and has recorded an outage.
async function isListDown({ ledger }: RunPorts, { id }: Target): Promise<boolean> {
  return (await ledger.findTarget(id))?.listDownSince !== undefined;
}

// Only a person can help, so each run reports the row until somebody has repaired or deleted it.
function reportUnreadable(
  { observe, clock }: RunPorts,
  { id: targetId }: Target,
  { requests }: OpenRows,
): WindowResult[] {
  const unreadable = requests.filter(
    (request): request is UnreadableRequest => request.state === 'unreadable',
  );
  const now = clock();
  return unreadable.map(({ request, damage }) => {
    observe({ type: 'row_unreadable', targetId, message: `${request}: ${damage}` });
    const error = new InfrastructureError(
      `The row ${request} of the ledger cannot be read, so what an alert asked for is not exported: ${damage}`,
    );
    return { window: { start: now, end: now }, result: { outcome: 'failed', error } };
  });
}

// A listing does not show that a row's document is unreadable. Its export is not known, so it is needed again.
function asFound(listed: readonly WindowEntry[], found: readonly WindowEntry[]): WindowEntry[] {
  const unreadable = new Map(
    found.flatMap((entry) => (entry.state === 'unreadable' ? [[entry.series, entry] as const] : [])),
  );
  return listed.map((entry) => unreadable.get(entry.series) ?? entry);
}

function publishAllKept(
  ports: RunPorts,
  { id }: Target,
  exports: readonly WindowEntry[],
  { signal }: Limits,
): Promise<WindowResult[]> {
  const kept = exports.filter((entry) => nextActionOf(entry, ports.clock(), 1).may === 'publish');
  const jobs = kept.map(
    (entry): Job => ({ window: entry.window, isLocal: true, work: () => publishKept(ports, entry) }),
  );
  return runJobs(ports, id, jobs, { signal });
}

/**
 * Frees the exports that a run had claimed when it died: whether Huawei has a task for them cannot be known. Resolves to the
 * exports as they are now. A row that cannot be read is reported, and stays.
 */
async function finishDead(ports: RunPorts, exports: readonly WindowEntry[]): Promise<WindowEntry[]> {
  const finished: WindowEntry[] = [];
  for (const entry of exports) finished.push(isDead(ports, entry) ? await finish(ports, entry) : entry);
  return finished;
}

function isDead({ clock }: RunPorts, entry: WindowEntry): boolean {
  return entry.state === 'claimed' && nextActionOf(entry, clock(), 1).may === 'submit';
}

async function finish(ports: RunPorts, entry: WindowEntry): Promise<WindowEntry> {
  const { ledger, clock } = ports;
  const row = await findOrReport(ports, entry);
  if (row?.state === 'unreadable') return asUnreadable(entry, row);
  if (row?.state !== 'claimed') return entry;
  const error = new InterruptedError('The run that ordered this export died before Huawei had answered.');
  await ledger.save(transitions.failed(row, error, clock()));
  return entry;
}
