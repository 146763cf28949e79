import pMap from 'p-map';
import { asExportError, type ExportError } from '../../domain/errors.ts';
import { type ExportEvent, NO_TARGET } from '../../domain/exports/events.ts';
import type { Filters } from '../../domain/input/filters.ts';
import type { Target } from '../../domain/input/target.ts';
import type { AlertRequest } from '../../domain/ledger/request-row.ts';
import { earlier, type Instant } from '../../domain/time/instant.ts';
import { type SpanText, spanText } from '../../domain/time/spans.ts';
import type { ServicePorts } from '../../run-ports.ts';
import { type BoundWork, boundWork } from '../run/bound-work.ts';
import { createHostHealth } from '../run/host-health.ts';
import { checkNotInFuture } from '../run/moment.ts';
import type { RunContext } from '../run/share.ts';
import { reportTarget, type TargetReport, type WindowResult } from '../window/report.ts';
import {
  type AlertsInput,
  askedRequests,
  type Matched,
  matchAlerts,
  seenUntil,
  type Unmatched,
} from './asked.ts';
import { type Arrived, serveArrival } from './requests/arrival.ts';
import { keepRequests } from './requests/keep-requests.ts';
import { dueAt } from './requests/needs.ts';

const TARGETS_AT_ONCE = 8;

/**
 * Exports the logins around alerts. One target's failure does not stop another; failures are in the report. Throws
 * `InputError` for an alert that names a target that is not there, and for one from the future.
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

function unmatchedEvent({ alert: { id: alertId, source, types }, why }: Unmatched): ExportEvent {
  return { type: 'alert_unmatched', targetId: NO_TARGET, alertId, source, types, why };
}

type Share = Matched['shares'][number];
type Serving = { share: Share; context: RunContext; arrivedAt: Instant };

// Never throws, because one target must not stop another.
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

/** Keeps what alerts ask for whatever stands against its export; that is told, and the sweep goes on with it. */
async function serveOrKeep(ports: ServicePorts, serving: Serving, signal: AbortSignal): Promise<Arrived> {
  const { share, arrivedAt } = serving;
  const { target, inputs } = share;
  const access = await accessTo(ports, serving, signal);
  if ('error' in access) return keepOnly(ports, serving, access.error);
  // The same moment by the clock that the exports go by.
  const arrived = access.ports.clock().subtract(arrivedAt.until(ports.ownClock()));
  return serveArrival(access.ports, { target, asked: askedRequests(inputs, arrived) }, access.limits);
}

// Without Huawei's time an alert came no later than its own last sight, as far as one can know: by a clock of ours that is
// ahead nothing must count as lost.
async function keepOnly(
  ports: ServicePorts,
  { share, arrivedAt }: Serving,
  error: ExportError,
): Promise<Arrived> {
  const { target, inputs } = share;
  const asked = inputs.flatMap((input) => askedRequests([input], earlier(seenUntil(input.alert), arrivedAt)));
  const { kept, results } = await keepRequests({ ...ports, clock: ports.ownClock }, target, asked);
  return { results: [...results, ...failed(ports, share, error).results], open: kept, coalesced: 0 };
}

type Access = BoundWork<ServicePorts> | { error: ExportError };

/** How a target's exports are ordered, and by whose time. */
async function accessTo(
  ports: ServicePorts,
  { share: { target }, context }: Serving,
  signal: AbortSignal,
): Promise<Access> {
  try {
    const time = await context.clocks(target, signal);
    if (time.state !== 'known') throw time.error;
    return await boundWork(ports, { target, clock: time.clock, health: context.health }, signal);
  } catch (thrown) {
    const error = asExportError(thrown);
    if (error.kind === 'clock') ports.observe({ type: 'clock_unknown', targetId: target.id, error });
    return { error };
  }
}

function failed({ observe, ownClock }: ServicePorts, { target, inputs }: Share, thrown: unknown): Arrived {
  const error = asExportError(thrown);
  const window = inputs[0]?.window ?? { start: ownClock(), end: ownClock() };
  observe({ type: 'window_failed', targetId: target.id, window, error });
  const result: WindowResult = { window, result: { outcome: 'failed', error } };
  return { results: [result], open: [], coalesced: 0 };
}

/** A request that is not all exported yet: what a sweep exports of it when it is due. */
export type OpenRequest = { alert_id: string; window: SpanText; filters: Filters; due_at: string };

/** What was done for one target. Windows are those of exports, for earlier alerts too. */
export type TargetAlertsReport = TargetReport & {
  /** How many alerts asked for exports of it. */
  alerts: number;
  /** How many exports found no slot in the hour, and were joined without the alerts' filters. */
  coalesced: number;
  /** Of these alerts. */
  open_requests: OpenRequest[];
};

/** What was done about alerts. `unmatched`: no rule was for them. */
export type AlertsReport = { received: number; unmatched: number; targets: TargetAlertsReport[] };

export function reportServed({
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
