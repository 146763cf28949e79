import { InfrastructureError, InterruptedError } from '../../../domain/errors.ts';
import type { Target } from '../../../domain/input/target.ts';
import type { AlertRequest, UnreadableRequest } from '../../../domain/ledger/request-row.ts';
import { isOfAlerts, type WindowEntry } from '../../../domain/ledger/window-row.ts';
import { type Instant, isAfter, isBefore } from '../../../domain/time/instant.ts';
import { oldestExportable } from '../../../domain/time/retention.ts';
import type { LedgerReader, OpenRows } from '../../../ports.ts';
import type { RunPorts } from '../../../run-ports.ts';
import { confirmTasks } from '../../confirmation/confirm.ts';
import { failedForAlerts } from '../../run/list-outage.ts';
import { repairUnreadable } from '../../run/repair.ts';
import { publishKept } from '../../window/export-window.ts';
import { type Job, type Limits, runJobs } from '../../window/jobs.ts';
import { asUnreadable, findOrTell, nextActionOf } from '../../window/next-action.ts';
import type { WindowResult } from '../../window/report.ts';
import * as transitions from '../../window/transitions.ts';
import {
  closeRequests,
  findClosings,
  hideOldLosses,
  isShownLongEnough,
  tellExhausted,
} from './close-requests.ts';
import { coverageBy } from './coverage.ts';
import { dueAt, needOf } from './needs.ts';
import { orderExports } from './order-exports.ts';
import { ON_SWEEP } from './plan.ts';
import { exportsFor, openRequests, readableRequests } from './rows.ts';

/** What a target's alerts have left to do. `urgent`: something that was seen is in no export yet. */
export type AlertWork = 'urgent' | 'due' | 'none';

/**
 * Whether there is anything to do for a target's alerts. Requests that only wait for their rest to be due are none, and
 * are by far the most that sweeps find.
 */
export async function alertWork(
  ledger: Pick<LedgerReader, 'list' | 'newestExports'>,
  { target, open, now }: { target: Target; open: OpenRows; now: Instant },
): Promise<AlertWork> {
  const requests = openRequests(open);
  const isIdle = open.requests.every((one) => isWaiting(one, target, now));
  const isDue = !isIdle || open.windows.some(isOfAlerts);
  if (requests.length === 0) return isDue ? 'due' : 'none';
  const { entries } = await exportsFor(ledger, target.id, { requests, now });
  const coverageFor = coverageBy(entries, { target, now });
  const isUrgent = (request: AlertRequest) =>
    needOf(request, coverageFor(request.filters), { target, now }).isUrgent;
  if (requests.some(isUrgent)) return 'urgent';
  return isDue ? 'due' : 'none';
}

function isWaiting(request: AlertRequest | UnreadableRequest, target: Target, now: Instant): boolean {
  if (request.state === 'unreadable') return false;
  if (request.state !== 'open') return !isShownLongEnough(request, now);
  return isAfter(dueAt(request, target), now) && !isBefore(request.window.start, oldestExportable(now));
}

type Sweeping = {
  target: Target;
  open: OpenRows;
  /** The nights have not been looked at yet in this run. */
  isFirst: boolean;
};

/**
 * What a run and the sweep do for a target's alerts: they ask what became of the exports, close the requests that have all
 * they asked for, and order what is needed by now. Throws where the ledger fails.
 */
export async function sweepRequests(
  ports: RunPorts,
  { target, open, isFirst }: Sweeping,
  limits: Limits,
): Promise<WindowResult[]> {
  const { ledger, clock } = ports;
  const unreadable = tellUnreadable(ports, target, open);
  const openExports = open.windows.filter(isOfAlerts);
  await hideOldLosses(ports, open);
  const requests = openRequests(open);
  if (requests.length + openExports.length === 0) return unreadable;
  await ledger.expireRequests(target.id, clock());
  const exports = await finishDead(ports, await repairUnreadable(ports, openExports));
  const cutoff = oldestExportable(clock());
  const confirmation = await confirmTasks(ports, { target, entries: exports, cutoff }, limits.signal);
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
  const look = async () => {
    // To close requests has changed no export.
    const known = isUnchanged ? listed : await list(closed.open);
    isUnchanged = false;
    return { requests: closed.open, ...known };
  };
  const { results, plan } = await orderExports(ports, { target, look, interval: ON_SWEEP }, limits);
  const exhausted = await tellExhausted(ports, target, plan, closed.open);
  const overdue = failedForAlerts(ports, target, confirmation);
  return [...unreadable, ...verdicts, ...overdue, ...published, ...closed.results, ...results, ...exhausted];
}

// Of the nights that serve a request, the run has asked before it came to the alerts, and has noted how that went.
async function isListDown({ ledger }: RunPorts, { id }: Target): Promise<boolean> {
  return (await ledger.findTarget(id))?.listDownSince !== undefined;
}

// Nothing can be made of it but by a person, so it is told until somebody has fixed the row or taken it away.
function tellUnreadable(
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

// A list shows nothing of the row. Where that cannot be read, nobody can say what was exported, so it is needed again.
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
 * Frees what a run that died had claimed: whether Huawei has a task for it, nobody will ever know. Resolves to the exports
 * as they then are; one whose row cannot be read is told, and stays.
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
  const row = await findOrTell(ports, entry);
  if (row?.state === 'unreadable') return asUnreadable(entry, row);
  if (row?.state !== 'claimed') return entry;
  const error = new InterruptedError('The run that ordered this export died before Huawei had answered.');
  await ledger.save(transitions.failed(row, error, clock()));
  return entry;
}
