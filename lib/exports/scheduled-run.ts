import pMap from 'p-map';
import { asExportError, type ExportError } from '../domain/errors.ts';
import type { Target } from '../domain/input/target.ts';
import type { OpenRows } from '../ports.ts';
import type { ServicePorts } from '../run-ports.ts';
import { type AlertWork, alertWork, sweepRequests } from './alerts/requests/sweep-requests.ts';
import { estimatedNow } from './clock/target-clock.ts';
import { projectIssues } from './coverage/bound-project.ts';
import { currentWindow } from './coverage/plan.ts';
import { boundWork } from './run/bound-work.ts';
import { createHostHealth } from './run/host-health.ts';
import { isIdleSweep } from './run/idle-sweep.ts';
import { momentOf } from './run/moment.ts';
import { processCalendar } from './run/process-calendar.ts';
import type { Progress, RunContext, RunInput, RunShare } from './run/share.ts';
import { reportDeferred } from './window/jobs.ts';
import { stopped } from './window/outcome.ts';
import { type RunReport, reportTarget, type TargetReport, type WindowResult } from './window/report.ts';

// Enough to keep the network busy, few enough that one project's throttling limit is not met by our own doing.
const TARGETS_AT_ONCE = 8;

/**
 * Does a scheduled run, or a sweep, for several targets at once. One target's failure does not stop another; failures
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
 * Brings one target as far as it goes: asks what became of its tasks, finishes what a crash left, orders what is to be
 * ordered, writes down what can no longer be, and moves its coverage on; and does the same for what its alerts ask for.
 * Never throws; what fails is in the report.
 */
export async function processTarget(
  ports: ServicePorts,
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
      add(resultsOf(ports, { share, error: asExportError(thrown), results }, signal));
    }
  };
  await attempt(async () => {
    const open = await ports.ledger.listOpen(target.id);
    const work = await alertWorkOf(ports, share, open);
    const calendar = () => attempt(() => processNights(ports, { share, open }, context, { signal, add }));
    const alerts = (isFirst: boolean) =>
      attempt(() => processAlerts(ports, { share, open, isFirst }, context, { signal, add, results }));
    // What somebody has just seen must not wait while weeks are caught up, and it is a few exports in any hour. Else the
    // night goes first, because what it exports no alert needs any more.
    if (work === 'urgent') await alerts(true);
    await calendar();
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
  // What nights and alerts both need, and nobody can read, is one failure.
  const isTold = results.some(({ result }) => 'error' in result && result.error.message === error.message);
  return isTold ? [] : [failure(ports, share, error)];
}

/** A target's share of a run, and what the ledger has open of it. */
type Share = { share: RunShare; open: OpenRows };

function alertWorkOf(
  { ledger, ownClock }: ServicePorts,
  { target }: RunShare,
  open: OpenRows,
): Promise<AlertWork> {
  const stored = open.target instanceof Error ? undefined : open.target;
  return alertWork(ledger, { target, open, now: estimatedNow(ownClock(), stored) });
}

async function processNights(
  ports: ServicePorts,
  { share, open }: Share,
  { clocks, health }: RunContext,
  { signal, add }: Progress,
): Promise<void> {
  if (signal.aborted) return add(deferredAlone(ports, share, signal));
  if (await isIdleSweep(ports, share, open)) return;
  const { target, scheduledTime: requested } = share;
  const time = await clocks(target, signal);
  const moment = await momentOf(ports, { target, requested }, time, signal);
  await processCalendar(ports, { share, moment, health }, { signal, add });
}

// A run whose time is over has none to look at the ledger either; its current window stands for all there may be.
function deferredAlone(ports: ServicePorts, share: RunShare, signal: AbortSignal): WindowResult[] {
  const windows = [standIn(ports, share)];
  return reportDeferred(ports.observe, share.target.id, { windows, outcome: stopped(signal) });
}

function failure(ports: ServicePorts, share: RunShare, error: ExportError): WindowResult {
  const window = standIn(ports, share);
  ports.observe({ type: 'window_failed', targetId: share.target.id, window, error });
  return { window, result: { outcome: 'failed', error } };
}

function standIn({ ownClock }: ServicePorts, { target, scheduledTime = ownClock() }: RunShare) {
  return currentWindow({ target, scheduledTime });
}

// Without Huawei's time nothing is ordered for alerts, and nothing of theirs counts as lost: the requests stay open.
async function processAlerts(
  ports: ServicePorts,
  { share, open, isFirst }: Share & { isFirst: boolean },
  { clocks, health }: RunContext,
  { signal, add, results }: Progress & { results: readonly WindowResult[] },
): Promise<void> {
  const { target } = share;
  if (signal.aborted) return;
  const time = await clocks(target, signal);
  if (time.state !== 'known') {
    const isTold = results.some(({ result }) => 'error' in result && result.error.kind === time.error.kind);
    return isTold ? undefined : add([failure(ports, share, time.error)]);
  }
  const read = open.target instanceof Error ? undefined : open.target;
  const stored = read && projectIssues(target, read).length === 0 ? read : undefined;
  const work = await boundWork(ports, { target, clock: time.clock, health, stored }, signal);
  add(await sweepRequests(work.ports, { target, open, isFirst }, work.limits));
}
