import pMap from 'p-map';
import { asExportError, type ExportError } from '../domain/errors.ts';
import type { Target } from '../domain/input/target.ts';
import { earliest, type Instant } from '../domain/time/instant.ts';
import type { OpenRows } from '../ports.ts';
import type { ServicePorts } from '../run-ports.ts';
import { openRequests } from './alerts/requests/rows.ts';
import { type AlertWork, alertWork, sweepRequests } from './alerts/requests/sweep-requests.ts';
import { momentOf } from './clock/moment.ts';
import { estimatedNow } from './clock/target-clock.ts';
import { createTaskSearch, type TaskSearch } from './confirmation/find-tasks.ts';
import { isUnconfirmed } from './confirmation/unconfirmed.ts';
import { projectIssues } from './coverage/bound-project.ts';
import { currentWindow, firingUntil } from './coverage/due.ts';
import { firstOfInterest, readableTarget } from './coverage/target-state.ts';
import { isIdleSweep } from './run/idle-sweep.ts';
import type { Progress, RunContext, RunInput, RunShare } from './run/run-input.ts';
import { processScheduledWindows } from './run/scheduled-windows.ts';
import { shareListing } from './run/shared-listing.ts';
import { createHostHealth } from './vendor/host-health.ts';
import { portsOfTarget } from './vendor/target-ports.ts';
import { stopped, type WindowResult } from './window/outcome.ts';
import { reportDeferred, reportFailed } from './window/report-outcome.ts';
import { type RunReport, reportTarget, type TargetReport } from './window/run-report.ts';

// Enough to keep the network busy, and few enough to stay below one project's throttling limit.
const TARGETS_AT_ONCE = 8;

/**
 * Does a scheduled run, or a sweep, for several targets at once. A failure of one target does not stop another; failures
 * are in the report. Never throws.
 */
export async function runScheduledExport(
  ports: ServicePorts,
  { targets, ...input }: RunInput,
  signal: AbortSignal,
): Promise<RunReport> {
  const context = { clocks: ports.openClocks(), health: createHostHealth() };
  const work = (target: Target) => processTarget(ports, { ...input, target }, context, signal);
  return { targets: await pMap(targets, work, { concurrency: TARGETS_AT_ONCE }) };
}

/**
 * Does the work of a run on one target: urgent alert requests, then the scheduled windows (confirms tasks, finishes what a
 * crash left, orders windows, records losses, moves coverage on), then the other requests. Never throws; failures are in
 * the report.
 */
export async function processTarget(
  service: ServicePorts,
  share: RunShare,
  context: RunContext,
  signal: AbortSignal,
): Promise<TargetReport> {
  const { target } = share;
  let results: WindowResult[] = [];
  const add = (more: readonly WindowResult[]) => {
    results = [...results, ...more];
  };
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (thrown) {
      add(resultsOf(service, { share, error: asExportError(thrown), results }, signal));
    }
  };
  await attempt(async () => {
    const open = await service.ledger.listOpen(target.id);
    const shared = () => shareListing(service, firstListed(share, open));
    const ports = shared();
    const work = await alertWorkOf(ports, share, open);
    // Urgent alerts wait for no search of weeks of scheduled windows.
    const search = createTaskSearch(target, work === 'urgent' ? [] : open.windows.filter(isUnconfirmed));
    const part = { share, open, search };
    const windows = (its: ServicePorts) => attempt(() => processWindows(its, part, context, { signal, add }));
    const alerts = (isFirst: boolean) =>
      attempt(() => processAlerts(ports, { ...part, isFirst }, context, { signal, add, results }));
    // Urgent requests go first: they are a few exports in an hour, and must not wait while weeks are caught up. Others
    // come after the scheduled windows, whose exports may serve them.
    if (work === 'urgent') await alerts(true);
    await windows(work === 'urgent' ? shared() : ports);
    if (work === 'due') await alerts(false);
  });
  return reportTarget(target.id, results);
}

type Ended = { share: RunShare; error: ExportError; results: readonly WindowResult[] };

function resultsOf(
  ports: ServicePorts,
  { share, error, results }: Ended,
  signal: AbortSignal,
): WindowResult[] {
  if (error.kind === 'interrupted' && signal.aborted) return deferredAlone(ports, share, signal);
  // An error that hits both the scheduled windows and the alerts is reported once.
  const isReported = results.some(
    ({ result }) => 'error' in result && result.error.message === error.message,
  );
  return isReported ? [] : [failure(ports, share, error)];
}

// From where on the run lists windows, as far as the open rows show that: one listing then serves the whole work.
function firstListed({ target, sweep, scheduledTime }: RunShare, open: OpenRows): Instant | undefined {
  const stored = readableTarget(open);
  const at = sweep && scheduledTime ? firingUntil(target, stored, scheduledTime) : scheduledTime;
  const current = at && currentWindow({ target, scheduledTime: at });
  const requests = openRequests(open).map(({ window }) => window.start);
  return earliest([stored && firstOfInterest(stored, current ? [current.start] : []), ...requests]);
}

function alertWorkOf(
  { ledger, ownClock }: ServicePorts,
  { target }: RunShare,
  open: OpenRows,
): Promise<AlertWork> {
  return alertWork(ledger, { target, open, now: estimatedNow(ownClock(), readableTarget(open)) });
}

/** A target's part of a run, with what the parts of the work share. */
type Part = { share: RunShare; open: OpenRows; search: TaskSearch };

async function processWindows(
  ports: ServicePorts,
  { share, open, search }: Part,
  { clocks, health }: RunContext,
  { signal, add }: Progress,
): Promise<void> {
  if (signal.aborted) return add(deferredAlone(ports, share, signal));
  if (await isIdleSweep(ports, share, open)) return;
  const { target, scheduledTime: requested } = share;
  const time = await clocks(target, signal);
  const moment = await momentOf(ports, { target, requested }, time, signal);
  const work = { share, moment, health, search };
  await processScheduledWindows(ports, work, { signal, add });
}

// A run whose time is over does not read the ledger: its current window is the only one in the report.
function deferredAlone(ports: ServicePorts, share: RunShare, signal: AbortSignal): WindowResult[] {
  const windows = [windowOf(ports, share)];
  return reportDeferred(ports.observe, share.target.id, { windows, outcome: stopped(signal) });
}

function failure(ports: ServicePorts, share: RunShare, error: ExportError): WindowResult {
  return reportFailed(ports.observe, { targetId: share.target.id, window: windowOf(ports, share), error });
}

function windowOf({ ownClock }: ServicePorts, { target, scheduledTime = ownClock() }: RunShare) {
  return currentWindow({ target, scheduledTime });
}

// Without Huawei's time no export is ordered for alerts and no request is lost: the requests stay open.
async function processAlerts(
  ports: ServicePorts,
  { share, open, search, isFirst }: Part & { isFirst: boolean },
  { clocks, health }: RunContext,
  { signal, add, results }: Progress & { results: readonly WindowResult[] },
): Promise<void> {
  const { target } = share;
  if (signal.aborted) return;
  const time = await clocks(target, signal);
  if (time.state !== 'known') {
    const isReported = results.some(
      ({ result }) => 'error' in result && result.error.kind === time.error.kind,
    );
    return isReported ? undefined : add([failure(ports, share, time.error)]);
  }
  const read = readableTarget(open);
  const stored = read && projectIssues(target, read).length === 0 ? read : undefined;
  const work = await portsOfTarget(ports, { target, clock: time.clock, health, stored }, signal);
  add(await sweepRequests(work.ports, { target, open, isFirst, search }, work.limits));
}
