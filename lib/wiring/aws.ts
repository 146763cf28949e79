import { createDynamoDbLedger } from '../adapters/ledger/aws-dynamodb.ts';
import { createSqsQueue } from '../adapters/queue/aws-sqs.ts';
import { createSecretsManagerStore } from '../adapters/secrets/aws-secrets-manager.ts';
import { createPowertoolsTelemetry, type Telemetry } from '../adapters/telemetry/aws-powertools.ts';
import { type Config, readLogLevel, type Variables } from '../config.ts';
import { type AlertRule, readAlertRules } from '../domain/alerts/alert-rule.ts';
import type { Target } from '../domain/input/target.ts';
import { readTargets } from '../domain/input/targets-file.ts';
import { createExportApi } from '../huawei/export-api.ts';
import { KNOWN_REGIONS } from '../huawei/http/endpoints.ts';
import type { Clock } from '../ports.ts';
import type { ServicePorts } from '../run-ports.ts';
import { wireVendorTime } from './vendor-time.ts';

export type { Telemetry };

/** A deployed function's ports and targets. */
export type AwsWiring = { ports: ServicePorts; targets: readonly Target[] };

/** The settings documents in the bundle, and the parts of a function that need no settings. */
type Given = { targets: unknown; clock: Clock; telemetry: Telemetry };

/** Logs and metrics, which must work even where the settings are wrong. */
export function openTelemetry(variables: Variables): Telemetry {
  return createPowertoolsTelemetry({ logLevel: readLogLevel(variables) });
}

/** Wires the use cases to AWS and Huawei Cloud. */
export function wireAws(config: Config, { targets, clock, telemetry }: Given): AwsWiring {
  const { observe } = telemetry;
  const { proxies } = config;
  const secrets = createSecretsManagerStore();
  const { clockOf, ...time } = wireVendorTime({ clock, proxies });
  const ports: ServicePorts = {
    ...time,
    api: createExportApi({ secrets, clock, clockOf, observe, proxies }),
    ledger: createDynamoDbLedger({ table: config.ledgerTable }),
    queue: createSqsQueue({ queueUrl: config.taskQueueUrl }),
    observe,
  };
  return {
    ports,
    targets: readTargets(targets, { source: 'infra/settings/targets.yml', regions: KNOWN_REGIONS }),
  };
}

/** The ports, targets and rules of the function that exports for alerts. */
export type AlertWiring = AwsWiring & { rules: readonly AlertRule[] };

/** Wires the exports for alerts to AWS and Huawei Cloud. */
export function wireAlerts(config: Config, { rules, ...given }: Given & { rules: unknown }): AlertWiring {
  const { ports, targets } = wireAws(config, given);
  return { ports, rules: readAlertRules(rules, { source: 'infra/settings/alerts.yml', targets }), targets };
}
