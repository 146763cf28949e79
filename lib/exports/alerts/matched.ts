import type { Alert } from '../../domain/alert.ts';
import type { AlertRule } from '../../domain/alert-rule.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import { type AlertDemand, matchAlert, whyUnmatched } from './matching.ts';

/** `arrivedAt`: what was seen by then is exported at once, the rest when it is due. */
export type AlertsDemand = {
  alerts: readonly Alert[];
  rules: readonly AlertRule[];
  targets: readonly Target[];
  arrivedAt: Instant;
};

/** What alerts ask for, by target, and those for which there is no rule. */
export type Matched = {
  unmatched: readonly Unmatched[];
  shares: readonly { target: Target; demands: readonly AlertDemand[] }[];
};

/** An alert that leads to no export, and why, in words that follow its name and a colon. */
export type Unmatched = { alert: Alert; why: string };

/** Throws `InputError` for an alert that names a target that is not there. */
export function matchAlerts({ alerts, rules, targets }: AlertsDemand): Matched {
  const matched = alerts.map((alert) => ({ alert, demands: matchAlert(alert, rules, targets) }));
  const byTarget = Map.groupBy(
    matched.flatMap(({ demands }) => demands),
    ({ target }) => target,
  );
  return {
    unmatched: alerts.flatMap((alert) => {
      const why = whyUnmatched(alert, rules, targets);
      return why === undefined ? [] : [{ alert, why }];
    }),
    shares: [...byTarget].map(([target, demands]) => ({ target, demands })),
  };
}
