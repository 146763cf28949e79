import type { Config } from '../config.ts';
import type { AlertRule } from '../domain/alert-rule.ts';
import { readAlertRules } from '../domain/alerts-file.ts';
import type { Clock } from '../ports.ts';
import { type AwsWiring, type Telemetry, wireAws } from './aws.ts';

/** Documents that travelled in the bundle, and what the function has whatever its settings are. */
type Given = { targets: unknown; rules: unknown; clock: Clock; telemetry: Telemetry };

/** The ports, targets and rules of the function that exports for alerts. */
export type AlertWiring = AwsWiring & { rules: readonly AlertRule[] };

/** Wires the exports for alerts to AWS and Huawei Cloud. */
export function wireAlerts(config: Config, { rules, ...given }: Given): AlertWiring {
  const { ports, targets } = wireAws(config, given);
  return { ports, rules: readAlertRules(rules, { source: 'infra/alerts.yml', targets }), targets };
}
