import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type AwsClientConfig, awsClientConfig } from './aws-client-config.ts';
import { listenOnLoopback } from './loopback.ts';

export type DynaliteServer = {
  clientConfig: AwsClientConfig;
  /** Makes a table with the ledger's key. */
  createLedgerTable(name: string): Promise<void>;
  close(): Promise<void>;
};

/** Starts a DynamoDB stand-in, in memory, on a free port of the loopback. */
export async function startDynalite(): Promise<DynaliteServer> {
  const { endpoint, close } = await listenOnLoopback(dynalite({ createTableMs: 0 }));
  const clientConfig = awsClientConfig(endpoint);
  const client = new DynamoDBClient(clientConfig);
  return {
    clientConfig,
    createLedgerTable: async (name) => {
      await client.send(new CreateTableCommand(ledgerTable(name)));
    },
    close,
  };
}

function ledgerTable(name: string) {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [
      { AttributeName: 'target_id', AttributeType: 'S' as const },
      { AttributeName: 'window', AttributeType: 'S' as const },
    ],
    KeySchema: [
      { AttributeName: 'target_id', KeyType: 'HASH' as const },
      { AttributeName: 'window', KeyType: 'RANGE' as const },
    ],
  };
}
