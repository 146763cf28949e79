import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertRule } from '../../domain/alerts/alert-rule.ts';
import type { Target } from '../../domain/input/target.ts';
import { type AskedRequest, requestId } from '../../domain/ledger/request-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { type AlertInput, matchAlert, whyUnmatched } from './match.ts';

/** `arrivedAt`: what was seen by then is exported at once, the rest when it is due. */
export type AlertsInput = {
  alerts: readonly Alert[];
  rules: readonly AlertRule[];
  targets: readonly Target[];
  arrivedAt: Instant;
};

/** What alerts ask for, by target, and those for which there is no rule. */
export type Matched = {
  unmatched: readonly Unmatched[];
  shares: readonly { target: Target; inputs: readonly AlertInput[] }[];
};

/** An alert that leads to no export, and why, in words that follow its name and a colon. */
export type Unmatched = { alert: Alert; why: string };

/** Throws `InputError` for an alert that names a target that is not there. */
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

/** What alerts ask of a target, as requests; what is asked twice is one. */
export function askedRequests(inputs: readonly AlertInput[], arrivedAt: Instant): AskedRequest[] {
  const asked = inputs.map(({ alert, target, window, filters }) => ({
    targetId: target.id,
    alertId: alert.id,
    source: alert.source,
    types: alert.types,
    window,
    seenUntil: seenUntil(alert),
    filters,
    arrivedAt,
  }));
  return [...new Map(asked.map((one) => [requestId(one), one])).values()];
}

/** The end of what was seen: the record of the last sight lies at that moment, and spans end before their end. */
export function seenUntil({ lastSeen }: Pick<Alert, 'lastSeen'>): Instant {
  return lastSeen.add({ seconds: 1 });
}
