import type { Alert } from '../../domain/alert.ts';
import type { AlertRule } from '../../domain/alert-rule.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import { type AlertDemand, matchAlert } from './matching.ts';

/** `arrivedAt`: what was seen by then is exported at once, the rest when it is due. */
export type AlertsDemand = {
  alerts: readonly Alert[];
  rules: readonly AlertRule[];
  targets: readonly Target[];
  arrivedAt: Instant;
};

/** What alerts ask for, by target, and those for which there is no rule. */
export type Matched = {
  unmatched: readonly Alert[];
  shares: readonly { target: Target; demands: readonly AlertDemand[] }[];
};

/** Throws `InputError` for an alert that names a target that is not there. */
export function matchAlerts({ alerts, rules, targets }: AlertsDemand): Matched {
  const matched = alerts.map((alert) => ({ alert, demands: matchAlert(alert, rules, targets) }));
  const byTarget = Map.groupBy(
    matched.flatMap(({ demands }) => demands),
    ({ target }) => target,
  );
  return {
    unmatched: matched.filter(({ demands }) => demands.length === 0).map(({ alert }) => alert),
    shares: [...byTarget].map(([target, demands]) => ({ target, demands })),
  };
}
