import { createDynamoDbLedger } from '../adapters/ledger/aws-dynamodb.ts';
import { createSqsQueue } from '../adapters/queue/aws-sqs.ts';
import { createSecretsManagerStore } from '../adapters/secrets/aws-secrets-manager.ts';
import { createPowertoolsTelemetry, type Telemetry } from '../adapters/telemetry/aws-powertools.ts';
import type { Config } from '../config.ts';
import type { Target } from '../domain/target.ts';
import { readTargets } from '../domain/targets-file.ts';
import type { RunPorts } from '../exports/run-ports.ts';
import { KNOWN_REGIONS } from '../huawei/endpoints.ts';
import { createExportApi } from '../huawei/export-api.ts';
import type { Clock } from '../ports.ts';

/** A deployed function's ports, targets and telemetry. */
export type AwsWiring = { ports: RunPorts; targets: readonly Target[]; telemetry: Telemetry };

/** Wires the use cases to AWS and Huawei Cloud. `targets` is the document that travelled in the bundle. */
export function wireAws(config: Config, { targets, clock }: { targets: unknown; clock: Clock }): AwsWiring {
  const telemetry = createPowertoolsTelemetry({ logLevel: config.logLevel });
  const { observe } = telemetry;
  const secrets = createSecretsManagerStore({ clock });
  const ports: RunPorts = {
    api: createExportApi({ secrets, clock, observe, proxies: config.proxies }),
    ledger: createDynamoDbLedger({ table: config.ledgerTable }),
    queue: createSqsQueue({ queueUrl: config.taskQueueUrl }),
    clock,
    observe,
  };
  return {
    ports,
    targets: readTargets(targets, { source: 'infra/targets.yml', regions: KNOWN_REGIONS }),
    telemetry,
  };
}
