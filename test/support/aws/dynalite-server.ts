import { readFileSync } from 'node:fs';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { parse } from 'yaml';
import { listenOnLoopback } from '../network/loopback.ts';
import { type AwsClientConfig, awsClientConfig } from './client-config.ts';

export type DynaliteServer = {
  clientConfig: AwsClientConfig;
  /** Creates a table with the keys and the index of the deployed table. */
  createLedgerTable(name: string): Promise<void>;
  /** The operations of all requests so far, such as `PutItem`. */
  operations(): readonly string[];
  close(): Promise<void>;
};

/** Starts a DynamoDB stand-in, in memory, on a free port of the loopback. */
export async function startDynalite(): Promise<DynaliteServer> {
  const operations: string[] = [];
  const server = dynalite({ createTableMs: 0 });
  server.on('request', ({ headers }) => operations.push(String(headers['x-amz-target']).split('.')[1] ?? ''));
  const { endpoint, close } = await listenOnLoopback(server);
  const clientConfig = awsClientConfig(endpoint);
  const client = new DynamoDBClient(clientConfig);
  return {
    clientConfig,
    createLedgerTable: async (name) => {
      await client.send(new CreateTableCommand({ ...deployedTable(), TableName: name }));
    },
    operations: () => operations,
    close,
  };
}

const TABLE_FILE = new URL('../../../infra/ledger-table.yml', import.meta.url);

function deployedTable(): Omit<CreateTableCommandInput, 'TableName'> {
  const { AttributeDefinitions, KeySchema, LocalSecondaryIndexes, BillingMode } = parse(
    readFileSync(TABLE_FILE, 'utf8'),
  ).Resources.LedgerTable.Properties;
  return { AttributeDefinitions, KeySchema, LocalSecondaryIndexes, BillingMode };
}
