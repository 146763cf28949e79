import pMap from 'p-map';
import { NO_TARGET } from '../../domain/export-event.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { AlarmClock, Clock } from '../../ports.ts';
import { type Clocks, estimatedNow } from '../clock/target-clock.ts';
import type { ServicePorts } from '../run-ports.ts';
import { createHostHealth, targetApi } from '../scheduled/host-health.ts';
import { checkNotInFuture } from '../scheduled/moment.ts';
import { type AlertsReport, reportServed } from './alerts-report.ts';
import { type AlertsDemand, matchAlerts } from './matched.ts';
import { serveCalls, type TargetCalls } from './serve-calls.ts';

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
    const { target } = share;
    const stored = await ports.ledger.findTarget(target.id);
    const clock = await clockFor(ports, { target, stored, clocks }, signal);
    const projectId = stored?.projectId ?? target.projectId;
    const { api } = targetApi(ports.api, { target, projectId, health });
    return serveCalls({ ...ports, api, clock }, { ...share, arrivedAt: clock() }, signal);
  };
  return (await pMap(shares, serve, { concurrency: TARGETS_AT_ONCE })).map(reportServed);
}

// An alert must be kept whatever the hosts answer, so without Huawei's time the best guess is good enough.
async function clockFor(
  { ownClock, observe }: AlertServicePorts,
  { target, stored, clocks }: { target: Target; stored: TargetRecord | undefined; clocks: Clocks },
  signal: AbortSignal,
): Promise<Clock> {
  const time = await clocks(target, signal);
  if (time.state === 'known') return time.clock;
  observe({ type: 'clock_unknown', targetId: target.id, error: time.error });
  return () => estimatedNow(ownClock(), stored?.clockOffsetSeconds);
}
