import { asExportError, type ExportError } from '../../domain/errors.ts';
import { serveAlerts } from '../alerts/serve-alerts.ts';
import { reportTarget, type TargetReport, type WindowResult } from '../report.ts';
import type { ServicePorts } from '../run-ports.ts';
import { knownTasks } from '../window/known-tasks.ts';
import { stopped } from '../window/window-outcome.ts';
import { checkProject } from './bound-project.ts';
import { targetApi } from './host-health.ts';
import { isIdleSweep } from './idle-sweep.ts';
import { momentOf } from './moment.ts';
import { ownWindow } from './plan.ts';
import { processCalendar } from './process-calendar.ts';
import type { Progress, RunContext, RunShare } from './run-share.ts';
import { tellLeft } from './work-through.ts';

/**
 * Brings one target as far as it goes: asks what became of its tasks, finishes what a crash left, orders what is to be
 * ordered, writes down what can no longer be, and moves its coverage on; then does what is due for its alerts. Never
 * throws; what fails is in the report.
 */
export async function tendTarget(
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
  const progress = { signal, add };
  const works = [
    () => tendCalendar(ports, share, context, progress),
    () => tendAlerts(ports, share, context, { ...progress, results }),
  ];
  for (const work of works) {
    try {
      await work();
    } catch (thrown) {
      const error = asExportError(thrown);
      if (error.kind === 'interrupted' && signal.aborted) add(leftAlone(ports, share, signal));
      else add([failure(ports, share, error)]);
    }
  }
  return reportTarget(target.id, results);
}

async function tendCalendar(
  ports: ServicePorts,
  share: RunShare,
  { clocks, health }: RunContext,
  { signal, add }: Progress,
): Promise<void> {
  if (signal.aborted) return add(leftAlone(ports, share, signal));
  if (await isIdleSweep(ports, share)) return;
  const { target, scheduledTime: requested } = share;
  const time = await clocks(target, signal);
  const moment = await momentOf(ports, { target, requested }, time, signal);
  await processCalendar(ports, { share, moment, health }, { signal, add });
}

// A run whose time is over has none to look at the ledger either; its own window stands for all there may be.
function leftAlone(ports: ServicePorts, share: RunShare, signal: AbortSignal): WindowResult[] {
  const windows = [standIn(ports, share)];
  return tellLeft(ports.observe, share.target.id, { windows, outcome: stopped(signal) });
}

function failure(ports: ServicePorts, share: RunShare, error: ExportError): WindowResult {
  const window = standIn(ports, share);
  ports.observe({ type: 'window_failed', targetId: share.target.id, window, error });
  return { window, result: { outcome: 'failed', error } };
}

function standIn({ ownClock }: ServicePorts, { target, scheduledTime = ownClock() }: RunShare) {
  return ownWindow({ target, scheduledTime });
}

// Without Huawei's time nothing is ordered for alerts, and nothing of theirs counts as lost: their book keeps it.
async function tendAlerts(
  ports: ServicePorts,
  share: RunShare,
  { clocks, health }: RunContext,
  { signal, add, results }: Progress & { results: readonly WindowResult[] },
): Promise<void> {
  const { target } = share;
  if (signal.aborted) return;
  const book = await ports.ledger.findAlertBook(target.id);
  if (!book || book.orders.length === 0) return;
  const time = await clocks(target, signal);
  if (time.state !== 'known') {
    const isTold = results.some(({ result }) => 'error' in result && result.error.kind === time.error.kind);
    return isTold ? undefined : add([failure(ports, share, time.error)]);
  }
  const stored = await ports.ledger.findTarget(target.id);
  if (stored) checkProject(target, stored);
  const projectId = stored?.projectId ?? target.projectId;
  const { api } = targetApi(ports.api, { target, projectId, health });
  const known = knownTasks({ ledger: ports.ledger, clock: time.clock });
  add(await serveAlerts({ ...ports, api: known.refuse(api), clock: time.clock }, target, signal));
}
