import type { AlertRequest } from '../../domain/alert-request.ts';
import type { Filters } from '../../domain/filters.ts';
import { type SpanText, spanText } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import { reportTarget, type TargetReport } from '../report.ts';
import type { Arrived } from './requests/arrival.ts';
import { dueAt } from './requests/need.ts';

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
