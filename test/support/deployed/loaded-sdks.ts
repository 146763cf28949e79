// Run as a program: makes every AWS adapter, uses the named ones, and prints the SDK clients that were loaded.
import { createRequire } from 'node:module';
import { Temporal } from 'temporal-polyfill';
import { createDynamoDbLedger } from '../../../lib/adapters/ledger/aws-dynamodb.ts';
import { createSqsQueue } from '../../../lib/adapters/queue/aws-sqs.ts';
import { createSecretsManagerStore } from '../../../lib/adapters/secrets/aws-secrets-manager.ts';
import { awsClientConfig } from '../aws/client-config.ts';
import { taskMessage, windowKey } from '../ledger/window-rows.ts';

// No server listens on port 1, so each use fails at once.
const clientConfig = { ...awsClientConfig('http://127.0.0.1:1'), maxAttempts: 1 };
const now = Temporal.Instant.from('2026-11-23T12:00:00Z');

const ledger = createDynamoDbLedger({ table: 't', clientConfig });
const queue = createSqsQueue({ queueUrl: `${clientConfig.endpoint}/1/q`, clientConfig });
const secrets = createSecretsManagerStore({ uptime: () => now.epochMilliseconds, clientConfig });

const uses: Record<string, () => Promise<unknown>> = {
  ledger: () => ledger.find(windowKey()),
  queue: () => queue.publish(taskMessage()),
  secrets: () => secrets.read('acme'),
};

await Promise.allSettled(process.argv.slice(2).map((name) => uses[name]?.()));
const files = Object.keys(createRequire(import.meta.url).cache);
const clients = files.flatMap((file) => /@aws-sdk[/\\](client-[a-z-]+)/.exec(file)?.[1] ?? []);
process.stdout.write(JSON.stringify([...new Set(clients)]));
