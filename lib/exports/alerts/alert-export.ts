import pMap from 'p-map';
import { NO_TARGET } from '../../domain/export-event.ts';
import type { Target } from '../../domain/target.ts';
import { checkNotInFuture } from '../scheduled/run.ts';
import { type AlertsReport, reportServed } from './alerts-report.ts';
import { type AlertsDemand, matchAlerts } from './matched.ts';
import { type AlertPorts, serveCalls, type TargetCalls } from './serve-calls.ts';

const TARGETS_AT_ONCE = 8;

/**
 * Exports the logins around alerts. One target's failure does not stop another; failures are in the report. Throws
 * `InputError` for an alert that names a target that is not there, and for one from the future.
 */
export async function exportForAlerts(
  ports: AlertPorts,
  demand: AlertsDemand,
  signal: AbortSignal,
): Promise<AlertsReport> {
  const { alerts, arrivedAt } = demand;
  checkNotInFuture(arrivedAt, ports.clock());
  const { unmatched, shares } = matchAlerts(demand);
  for (const { id: alertId, source, types } of unmatched)
    ports.observe({ type: 'alert_unmatched', targetId: NO_TARGET, alertId, source, types });
  const targets = await serveAll(
    ports,
    shares.map((share) => ({ ...share, arrivedAt })),
    signal,
  );
  return { received: alerts.length, unmatched: unmatched.length, targets };
}

/** What the alarm clock rang for: exports what is due by now for earlier alerts about the targets. */
export async function followUp(
  ports: AlertPorts,
  targets: readonly Target[],
  signal: AbortSignal,
): Promise<AlertsReport> {
  const arrivedAt = ports.clock();
  const shares = targets.map((target) => ({ target, demands: [], arrivedAt }));
  return { received: 0, unmatched: 0, targets: await serveAll(ports, shares, signal) };
}

async function serveAll(ports: AlertPorts, shares: readonly TargetCalls[], signal: AbortSignal) {
  const serve = (calls: TargetCalls) => serveCalls(ports, calls, signal);
  return (await pMap(shares, serve, { concurrency: TARGETS_AT_ONCE })).map(reportServed);
}
