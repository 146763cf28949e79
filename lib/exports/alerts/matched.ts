import type { Alert } from '../../domain/alert.ts';
import type { AlertRule } from '../../domain/alert-rule.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import { type AlertInput, matchAlert, whyUnmatched } from './matching.ts';

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
