import {
  type AttributeValue,
  DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { createDynamoDbLedger } from '../../../lib/adapters/ledger/aws-dynamodb.ts';
import { startDynalite } from './dynalite-server.ts';
import { environmentOf, stubEnvironment } from './environment.ts';

/** The ledger of a deployed service. Until the end of the test, this process finds it by AWS's environment variables. */
export async function deployedLedger(table: string) {
  const { clientConfig, close, createLedgerTable, operations } = await startDynalite();
  onTestFinished(close);
  await createLedgerTable(table);
  stubEnvironment({ AWS_ENDPOINT_URL: clientConfig.endpoint, ...environmentOf(clientConfig) });
  const client = new DynamoDBClient(clientConfig);
  return {
    ledger: createDynamoDbLedger({ table, clientConfig }),
    operations,
    /** Writes an unknown state into every row of a kind, as a user could who edits the table. */
    spoilStates: async (kind: 'windows' | 'requests') => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
      for (const { target_id, window } of Items.filter(OF_KIND[kind]))
        if (target_id && window) await client.send(spoiling(table, { target_id, window }));
    },
  };
}

const OF_KIND: Record<'windows' | 'requests', (row: Record<string, AttributeValue>) => boolean> = {
  windows: (row) => 'window_end' in row,
  requests: ({ window }) => window?.S?.startsWith('request/') ?? false,
};

function spoiling(TableName: string, Key: UpdateItemCommandInput['Key']): UpdateItemCommand {
  return new UpdateItemCommand({
    TableName,
    Key,
    UpdateExpression: 'SET #state = :gone',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':gone': { S: 'gone' } },
  });
}
