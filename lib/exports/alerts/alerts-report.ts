import type { Filters } from '../../domain/filters.ts';
import { type SpanText, spanText } from '../../domain/span.ts';
import { reportTarget, type TargetReport } from '../report.ts';
import type { ServedCalls } from './serve-calls.ts';

/** An export that is still to come: when it is due, and what it will ask for unless later alerts change it. */
export type FollowUp = { window: SpanText; filters: Filters; due_at: string };

/** What was done for one target. Windows are those of exports, of earlier alerts too. */
export type TargetAlertsReport = TargetReport & {
  /** How many alerts called for exports of it. */
  alerts: number;
  /** How many exports found no place in the hour, and were put together without the alerts' filters. */
  folded: number;
  follow_ups: FollowUp[];
};

/** What was done about alerts. `unmatched`: no rule was for them. */
export type AlertsReport = { received: number; unmatched: number; targets: TargetAlertsReport[] };

export function reportServed({ target, demands, results, kept }: ServedCalls): TargetAlertsReport {
  const toCome = kept?.book.orders.filter(({ issuedAt }) => !issuedAt) ?? [];
  return {
    ...reportTarget(target.id, results),
    alerts: new Set(demands.map(({ alert }) => alert.id)).size,
    folded: kept?.revision.folded ?? 0,
    follow_ups: toCome.map(({ window, filters, dueAt }) => ({
      window: spanText(window),
      filters,
      due_at: dueAt.toString(),
    })),
  };
}
