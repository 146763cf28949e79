import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { AWS_LIMITS, lazy } from '../../lib/adapters/aws-client.ts';
import { createDynamoDbLedger } from '../../lib/adapters/ledger/aws-dynamodb.ts';
import { createSqsQueue } from '../../lib/adapters/queue/aws-sqs.ts';
import { createSecretsManagerStore } from '../../lib/adapters/secrets/aws-secrets-manager.ts';
import { InfrastructureError } from '../../lib/domain/errors.ts';
import type { AwsClientConfig } from '../support/aws/client-config.ts';
import { type AwsFailure, startFailingAws } from '../support/aws/failing-server.ts';
import { taskMessage, windowKey, windowRow } from '../support/ledger/window-rows.ts';

type Config = AwsClientConfig & { maxAttempts?: number };

const NOON = Temporal.Instant.from('2026-11-23T12:00:00Z');

const CALLS: Record<string, (clientConfig: Config) => Promise<unknown>> = {
  'a read of the ledger': (clientConfig) =>
    createDynamoDbLedger({ table: 't', clientConfig }).find(windowKey()),
  'a write to the ledger': (clientConfig) =>
    createDynamoDbLedger({ table: 't', clientConfig }).save(windowRow()),
  'a message to the queue': (clientConfig) =>
    createSqsQueue({ queueUrl: `${clientConfig.endpoint}/1/q`, clientConfig }).publish(taskMessage()),
  'a read of a secret': (clientConfig) =>
    createSecretsManagerStore({ uptime: () => NOON.epochMilliseconds, clientConfig }).read('acme'),
};

const PROGRAM = fileURLToPath(new URL('../support/deployed/loaded-sdks.ts', import.meta.url));

const STALLS = ['before the answer', 'in its head, drop by drop', 'in its body'] as const;

test('what a call to AWS may cost: three attempts, so that one run of 15 minutes outlives a service that stalls', () => {
  expect(AWS_LIMITS).toEqual({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 5_000,
      // Without it the SDK warns of the time-out and waits on.
      throwOnRequestTimeout: true,
      socketTimeout: 5_000,
    },
  });
});

// Side by side, because each of them waits.
describe.concurrent.each(Object.entries(CALLS))('%s', (_, call) => {
  test('ends after some seconds of silence, or of an answer that never gets anywhere', async () => {
    const once = (config: AwsClientConfig) => call({ ...config, maxAttempts: 1 });
    const failures = await Promise.all(STALLS.map((stall) => failureOf({ stall }, once)));
    for (const { error } of failures) {
      expect(error).toBeInstanceOf(InfrastructureError);
      expect(String(error)).toContain('TimeoutError');
    }
  });

  test('is tried three times while AWS is out of order', async () => {
    const issue = { refuse: 'InternalServerError', message: 'out of order', status: 500 };
    const { error, requests } = await failureOf(issue, call);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(String(error)).toContain('InternalServerError: out of order');
    expect(requests).toHaveLength(3);
  });
});

test('making the AWS adapters loads no SDK', async () => {
  expect(await sdksLoadedBy()).toEqual([]);
});

test.each([
  ['ledger', 'client-dynamodb'],
  ['queue', 'client-sqs'],
  ['secrets', 'client-secrets-manager'],
])('using the %s loads %s and no other', async (adapter, client) => {
  expect(await sdksLoadedBy(adapter)).toEqual([client]);
});

test('what is loaded is loaded once for all callers', async () => {
  let loads = 0;
  const thing = lazy(async () => {
    loads += 1;
    return { number: loads };
  });
  expect(loads).toBe(0);
  expect(await Promise.all([thing(), thing()])).toEqual([{ number: 1 }, { number: 1 }]);
  expect(await thing()).toBe(await thing());
});

test('a load that failed is tried again at the next call', async () => {
  let loads = 0;
  const thing = lazy(async () => {
    loads += 1;
    if (loads === 1) throw new Error('too many open files');
    return loads;
  });
  await expect(thing()).rejects.toThrow('too many open files');
  expect(await thing()).toBe(2);
  expect(await thing()).toBe(2);
});

async function failureOf(issue: AwsFailure, call: (config: AwsClientConfig) => Promise<unknown>) {
  const { clientConfig, requests, close } = await startFailingAws(issue);
  const error = await call(clientConfig).catch((thrown: unknown) => thrown);
  await close();
  return { error, requests: requests() };
}

async function sdksLoadedBy(...uses: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', PROGRAM, ...uses]);
  return JSON.parse(stdout);
}
