import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertRule } from '../../domain/alerts/alert-rule.ts';
import type { Target } from '../../domain/input/target.ts';
import { type RequestTerms, requestId } from '../../domain/ledger/request-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { type AlertInput, matchAlert, whyUnmatched } from './match.ts';

/** Alerts that arrived at `arrivedAt`, by our own clock. */
export type AlertsInput = {
  alerts: readonly Alert[];
  rules: readonly AlertRule[];
  targets: readonly Target[];
  arrivedAt: Instant;
};

/** What alerts ask for, by target, and the alerts that no rule matches. */
export type Matched = {
  unmatched: readonly Unmatched[];
  shares: readonly { target: Target; inputs: readonly AlertInput[] }[];
};

/** An alert that leads to no export; `why` continues a sentence after the alert's name and a colon. */
export type Unmatched = { alert: Alert; why: string };

/** Throws `InputError` for an alert that names an unknown target. */
export function matchAlerts({ alerts, rules, targets }: AlertsInput): Matched {
  const matched = alerts.map((alert) => ({ alert, inputs: matchAlert(alert, rules, targets) }));
  const byTarget = Map.groupBy(
    matched.flatMap(({ inputs }) => inputs),
    ({ target }) => target,
  );
  return {
    unmatched: alerts.flatMap((alert) => {
      const why = whyUnmatched(alert, rules, targets);
      return why === undefined ? [] : [{ alert, why }];
    }),
    shares: [...byTarget].map(([target, inputs]) => ({ target, inputs })),
  };
}

/** What alerts ask of a target, as requests; the same request from two alerts of one id is one. */
export function requestTerms(inputs: readonly AlertInput[], arrivedAt: Instant): RequestTerms[] {
  const all = inputs.map(({ alert, target, window, filters }) => ({
    targetId: target.id,
    alertId: alert.id,
    source: alert.source,
    types: alert.types,
    window,
    seenUntil: seenUntil(alert),
    filters,
    arrivedAt,
  }));
  return [...new Map(all.map((terms) => [requestId(terms), terms])).values()];
}

/** The end of the activity. The record of the last sight lies at `lastSeen` itself, and a span ends before its end. */
export function seenUntil({ lastSeen }: Pick<Alert, 'lastSeen'>): Instant {
  return lastSeen.add({ seconds: 1 });
}
