import pMap from 'p-map';
import { asExportError, type ExportError } from '../../domain/errors.ts';
import { NO_TARGET, type RunEvent } from '../../domain/exports/run-events.ts';
import type { Filters } from '../../domain/input/filters.ts';
import type { Target } from '../../domain/input/target.ts';
import type { AlertRequest } from '../../domain/ledger/request-row.ts';
import { earlier, type Instant } from '../../domain/time/instant.ts';
import { type SpanText, spanText } from '../../domain/time/spans.ts';
import type { ServicePorts } from '../../run-ports.ts';
import { checkNotInFuture } from '../clock/moment.ts';
import type { RunContext } from '../run/run-input.ts';
import { createHostHealth } from '../vendor/host-health.ts';
import { portsOfTarget, type TargetPorts } from '../vendor/target-ports.ts';
import { reportFailed } from '../window/report-outcome.ts';
import { reportTarget, type TargetReport } from '../window/run-report.ts';
import { keepRequests } from './requests/keep-requests.ts';
import { dueAt } from './requests/needs.ts';
import { type Arrived, serveArrival } from './requests/serve-arrival.ts';
import {
  type AlertsInput,
  type Matched,
  matchAlerts,
  requestTerms,
  seenUntil,
  type Unmatched,
} from './requests-by-target.ts';

const TARGETS_AT_ONCE = 8;

/**
 * Exports the logins around alerts. A failure of one target does not stop another; failures are in the report. Throws
 * `InputError` for an alert that names an unknown target, and for an arrival in the future.
 */
export async function exportForAlerts(
  ports: ServicePorts,
  input: AlertsInput,
  signal: AbortSignal,
): Promise<AlertsReport> {
  const { alerts, arrivedAt } = input;
  checkNotInFuture(arrivedAt, ports.ownClock());
  const { unmatched, shares } = matchAlerts(input);
  for (const one of unmatched) ports.observe(unmatchedEvent(one));
  const context = { clocks: ports.openClocks(), health: createHostHealth() };
  const serve = (share: Share) => serveShare(ports, { share, context, arrivedAt }, signal);
  const targets = await pMap(shares, serve, { concurrency: TARGETS_AT_ONCE });
  return { received: alerts.length, unmatched: unmatched.length, targets };
}

function unmatchedEvent({ alert: { id: alertId, source, types }, why }: Unmatched): RunEvent {
  return { type: 'alert_unmatched', targetId: NO_TARGET, alertId, source, types, why };
}

type Share = Matched['shares'][number];
type Serving = { share: Share; context: RunContext; arrivedAt: Instant };

// Never throws: one target must not stop another.
async function serveShare(
  ports: ServicePorts,
  serving: Serving,
  signal: AbortSignal,
): Promise<TargetAlertsReport> {
  const { target, inputs } = serving.share;
  for (const { alert, shortened } of inputs)
    if (shortened)
      ports.observe({ type: 'alert_shortened', targetId: target.id, alertId: alert.id, window: shortened });
  const alerts = new Set(inputs.map(({ alert }) => alert.id)).size;
  const served = await serveOrKeep(ports, serving, signal).catch((thrown) =>
    failed(ports, serving.share, thrown),
  );
  return reportServed({ target, alerts, ...served });
}

/**
 * Stores the requests even where nothing can be exported now: the reason is reported, and a sweep serves the requests.
 */
async function serveOrKeep(ports: ServicePorts, serving: Serving, signal: AbortSignal): Promise<Arrived> {
  const { share, arrivedAt } = serving;
  const { target, inputs } = share;
  const access = await accessTo(ports, serving, signal);
  if ('error' in access) return keepOnly(ports, serving, access.error);
  // The same moment by Huawei's time.
  const arrived = access.ports.clock().subtract(arrivedAt.until(ports.ownClock()));
  return serveArrival(access.ports, { target, terms: requestTerms(inputs, arrived) }, access.limits);
}

// Without Huawei's time only the alert's own `lastSeen` is a safe time of arrival: our clock may be ahead, and nothing
// may count as lost by that.
async function keepOnly(
  ports: ServicePorts,
  { share, arrivedAt }: Serving,
  error: ExportError,
): Promise<Arrived> {
  const { target, inputs } = share;
  const terms = inputs.flatMap((input) => requestTerms([input], earlier(seenUntil(input.alert), arrivedAt)));
  const { kept, results } = await keepRequests({ ...ports, clock: ports.ownClock }, target, terms);
  return { results: [...results, ...failed(ports, share, error).results], open: kept, coalesced: 0 };
}

type Access = TargetPorts<ServicePorts> | { error: ExportError };

/** The ports for a target's exports, with Huawei's time; or why there are none. */
async function accessTo(
  ports: ServicePorts,
  { share: { target }, context }: Serving,
  signal: AbortSignal,
): Promise<Access> {
  try {
    const time = await context.clocks(target, signal);
    if (time.state !== 'known') throw time.error;
    return await portsOfTarget(ports, { target, clock: time.clock, health: context.health }, signal);
  } catch (thrown) {
    const error = asExportError(thrown);
    if (error.kind === 'clock') ports.observe({ type: 'clock_unknown', targetId: target.id, error });
    return { error };
  }
}

function failed({ observe, ownClock }: ServicePorts, { target, inputs }: Share, thrown: unknown): Arrived {
  const error = asExportError(thrown);
  const window = inputs[0]?.window ?? { start: ownClock(), end: ownClock() };
  const result = reportFailed(observe, { targetId: target.id, window, error });
  return { results: [result], open: [], coalesced: 0 };
}

/** A request that is not exported whole yet; a sweep exports the rest when it is due. */
export type OpenRequest = { alert_id: string; window: SpanText; filters: Filters; due_at: string };

/** What a run did for one target. Windows are those of exports, including exports for earlier alerts. */
export type TargetAlertsReport = TargetReport & {
  /** How many alerts asked for exports of the target. */
  alerts: number;
  /** How many exports found no slot in the hour, and were joined without the alerts' filters. */
  coalesced: number;
  /** Of these alerts. */
  open_requests: OpenRequest[];
};

/** What a run did for alerts. `unmatched`: alerts that no rule matches. */
export type AlertsReport = { received: number; unmatched: number; targets: TargetAlertsReport[] };

function reportServed({
  target,
  alerts,
  results,
  coalesced,
  open,
}: Arrived & { target: Target; alerts: number }): TargetAlertsReport {
  return {
    ...reportTarget(target.id, results),
    alerts,
    coalesced,
    open_requests: open.map((request) => openRequest(request, target)),
  };
}

export function openRequest(request: AlertRequest, target: Target): OpenRequest {
  const { alertId, window, filters } = request;
  return { alert_id: alertId, window: spanText(window), filters, due_at: dueAt(request, target).toString() };
}
