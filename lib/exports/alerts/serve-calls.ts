import type { Alert } from '../../domain/alert.ts';
import { asExportError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import { without } from '../../domain/spans.ts';
import type { Target } from '../../domain/target.ts';
import type { AlarmClock } from '../../ports.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { callOf } from './calls.ts';
import { type Kept, keepBook } from './keep-book.ts';
import { linkAlert } from './link-alert.ts';
import type { AlertDemand } from './matching.ts';
import { workOnBook } from './serve-alerts.ts';
import { type AlertCall, tasksFor } from './take-in.ts';
import { wakeForRest } from './wake.ts';

/** What the exports for alerts work with. */
export type AlertPorts = RunPorts & { alarm: AlarmClock };

/** One target's share of what alerts ask for; none where only the alarm clock rang. */
export type TargetCalls = { target: Target; demands: readonly AlertDemand[]; arrivedAt: Instant };

/** What was done about them. */
export type ServedCalls = {
  target: Target;
  demands: readonly AlertDemand[];
  results: readonly WindowResult[];
  kept?: Kept;
};

/**
 * Keeps what the alerts ask of a target, notes what covers it already, sets the alarm for what is not due yet, and
 * exports what is. Never throws; what fails is in the results, and holds up nothing else.
 */
export async function serveCalls(
  ports: AlertPorts,
  { target, demands, arrivedAt }: TargetCalls,
  signal: AbortSignal,
): Promise<ServedCalls> {
  const results: WindowResult[] = [];
  const attempt = async <Value>(work: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await work();
    } catch (thrown) {
      results.push(failure(ports, target, { thrown, window: demands[0]?.window ?? at(arrivedAt) }));
      return undefined;
    }
  };
  const pairs = demands.map((demand) => ({
    demand,
    call: callOf(demand, { arrivedAt, now: ports.clock() }),
  }));
  const calls = pairs.flatMap(({ call }) => call ?? []);
  for (const { demand, call } of pairs) if (!call) tellTooOld(ports, target, demand);
  const kept = await attempt(() => keepBook(ports, target, calls));
  if (!kept) return { target, demands, results };
  await attempt(() => link(ports, { target, kept, calls, alerts: demands.map(({ alert }) => alert) }));
  await attempt(() => wakeForRest(ports, target, kept.book));
  results.push(...covered(calls, target, kept), ...(await workOnBook(ports, { target, kept }, signal)));
  return { target, demands, results, kept };
}

type Linking = { target: Target; kept: Kept; calls: readonly AlertCall[]; alerts: readonly Alert[] };

async function link(ports: RunPorts, { target, kept, calls, alerts }: Linking): Promise<void> {
  for (const alert of new Map(alerts.map((one) => [one.id, one])).values()) {
    const own = calls.filter(({ alertId }) => alertId === alert.id);
    const tasks = [...new Set(own.flatMap((call) => taskIds(call, target, kept)))];
    const asked = own.map(({ window, filters }) => ({ window, filters }));
    const told = { targetId: target.id, alertId: alert.id, windows: own.length, tasks };
    ports.observe({ type: 'alert_received', ...told });
    await linkAlert(ports, target.id, { alert, asked, tasks });
  }
}

function taskIds(call: AlertCall, target: Target, { entries }: Kept): string[] {
  return tasksFor(call, { target, entries }).flatMap(({ taskId }) => taskId ?? []);
}

function covered(calls: readonly AlertCall[], target: Target, { entries }: Kept): WindowResult[] {
  const isCovered = (call: AlertCall) =>
    without(
      [call.window],
      tasksFor(call, { target, entries }).map(({ window }) => window),
    ).length === 0;
  return calls.filter(isCovered).map(({ window }) => ({ window, result: { outcome: 'covered' } }));
}

function tellTooOld({ observe }: RunPorts, { id: targetId }: Target, { alert, window }: AlertDemand): void {
  observe({ type: 'alert_too_old', targetId, alertId: alert.id, window });
}

type Thrown = { thrown: unknown; window: AlertDemand['window'] };

function failure({ observe }: RunPorts, target: Target, { thrown, window }: Thrown): WindowResult {
  const error = asExportError(thrown);
  observe({ type: 'window_failed', targetId: target.id, window, error });
  return { window, result: { outcome: 'failed', error } };
}

function at(moment: Instant) {
  return { start: moment, end: moment };
}
