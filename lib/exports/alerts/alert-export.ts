import pMap from 'p-map';
import { asExportError, type ExportError } from '../../domain/errors.ts';
import { NO_TARGET } from '../../domain/export-event.ts';
import { earlier } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import type { AlarmClock, Clock, ExportApi } from '../../ports.ts';
import type { Clocks } from '../clock/target-clock.ts';
import type { ServicePorts } from '../run-ports.ts';
import { checkProject } from '../scheduled/bound-project.ts';
import { createHostHealth, type HostHealth, targetApi } from '../scheduled/host-health.ts';
import { checkNotInFuture } from '../scheduled/moment.ts';
import { type AlertsReport, reportServed } from './alerts-report.ts';
import { type AlertsDemand, matchAlerts } from './matched.ts';
import { type ServedCalls, serveCalls, type TargetCalls } from './serve-calls.ts';

const TARGETS_AT_ONCE = 8;

/** What the exports for alerts start with. */
export type AlertServicePorts = ServicePorts & { alarm: AlarmClock };

/**
 * Exports the logins around alerts. One target's failure does not stop another; failures are in the report. Throws
 * `InputError` for an alert that names a target that is not there, and for one from the future.
 */
export async function exportForAlerts(
  ports: AlertServicePorts,
  demand: AlertsDemand,
  signal: AbortSignal,
): Promise<AlertsReport> {
  const { alerts, arrivedAt } = demand;
  checkNotInFuture(arrivedAt, ports.ownClock());
  const { unmatched, shares } = matchAlerts(demand);
  for (const { id: alertId, source, types } of unmatched)
    ports.observe({ type: 'alert_unmatched', targetId: NO_TARGET, alertId, source, types });
  const targets = await serveAll(ports, shares, signal);
  return { received: alerts.length, unmatched: unmatched.length, targets };
}

/** What the alarm clock rang for: exports what is due by now for earlier alerts about the targets. */
export async function followUp(
  ports: AlertServicePorts,
  targets: readonly Target[],
  signal: AbortSignal,
): Promise<AlertsReport> {
  const shares = targets.map((target) => ({ target, demands: [] }));
  return { received: 0, unmatched: 0, targets: await serveAll(ports, shares, signal) };
}

type Share = Omit<TargetCalls, 'arrivedAt'>;

async function serveAll(ports: AlertServicePorts, shares: readonly Share[], signal: AbortSignal) {
  const clocks = ports.openClocks();
  const health = createHostHealth();
  const serve = async (share: Share) => {
    const { api, clock, error } = await callsFor(ports, { share, clocks, health }, signal);
    // There is no alert to be kept, and what is in the book must not be looked at by a clock that may be wrong.
    if (error && share.demands.length === 0) return notServed(ports, share.target, error);
    return serveCalls({ ...ports, api, clock }, { ...share, arrivedAt: clock() }, signal);
  };
  return (await pMap(shares, serve, { concurrency: TARGETS_AT_ONCE })).map(reportServed);
}

type Serving = { share: Share; clocks: Clocks; health: HostHealth };

/** How a target's exports are ordered, and by whose time. Never throws: an alert is kept whatever stands against its export. */
async function callsFor(
  ports: AlertServicePorts,
  { share, clocks, health }: Serving,
  signal: AbortSignal,
): Promise<{ api: ExportApi; clock: Clock; error?: ExportError }> {
  const { target } = share;
  try {
    const stored = await ports.ledger.findTarget(target.id);
    if (stored) checkProject(target, stored);
    const time = await clocks(target, signal);
    if (time.state !== 'known') throw time.error;
    const projectId = stored?.projectId ?? target.projectId;
    return { api: targetApi(ports.api, { target, projectId, health }).api, clock: time.clock };
  } catch (thrown) {
    const error = asExportError(thrown);
    if (error.kind === 'clock') ports.observe({ type: 'clock_unknown', targetId: target.id, error });
    const refuse = () => Promise.reject(error);
    return { api: { submit: refuse, listTasks: refuse }, clock: carefulClock(ports, share), error };
  }
}

function notServed(
  { ownClock, observe }: AlertServicePorts,
  target: Target,
  error: ExportError,
): ServedCalls {
  const window = { start: ownClock(), end: ownClock() };
  observe({ type: 'window_failed', targetId: target.id, window, error });
  return { target, demands: [], results: [{ window, result: { outcome: 'failed', error } }] };
}

// Without Huawei's time: no later than the alerts' own last sight, so that nothing counts as lost or as too old by a
// clock of ours that is ahead.
function carefulClock({ ownClock }: AlertServicePorts, { demands }: Share): Clock {
  const seen = demands.map(({ alert }) => alert.lastSeen);
  return () => seen.reduce(earlier, ownClock());
}
