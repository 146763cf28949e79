import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { DatabaseSync } from 'node:sqlite';
import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { createDynamoDbLedger } from '../../../lib/adapters/ledger/aws-dynamodb.ts';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import type { Ledger } from '../../../lib/ports.ts';
import { awsClientConfig } from '../../support/aws/client-config.ts';

/** A ledger, and the simplest way to read the rows of a target. */
export type LedgerPlace = {
  ledger: Ledger;
  /** The documents of all windows of a target, read whole and in no order. */
  wholeDocuments(targetId: string): Promise<string[]>;
};

export const TABLE = 'ledger';

/** `place` is the path of a SQLite file, or the URL of a DynamoDB. */
export function ledgerAt(place: string): LedgerPlace {
  return place.startsWith('http') ? dynamoDbAt(place) : sqliteAt(place);
}

/** Does the work, and resolves to its result and the number of requests that this process made. */
export async function requestsOf<Result>(
  work: () => Promise<Result>,
): Promise<Result & { requests: number }> {
  let requests = 0;
  const count = () => {
    requests += 1;
  };
  subscribe('http.client.request.start', count);
  const result = await work();
  unsubscribe('http.client.request.start', count);
  return { ...result, requests };
}

function sqliteAt(file: string): LedgerPlace {
  const ledger = createSqliteLedger({ file });
  const ofTarget = new DatabaseSync(file).prepare('SELECT document FROM windows WHERE target_id = ?');
  return {
    ledger,
    wholeDocuments: async (targetId) => ofTarget.all(targetId).map(({ document }) => String(document)),
  };
}

function dynamoDbAt(endpoint: string): LedgerPlace {
  const clientConfig = awsClientConfig(endpoint);
  const client = new DynamoDBClient(clientConfig);
  return {
    ledger: createDynamoDbLedger({ table: TABLE, clientConfig }),
    wholeDocuments: async (targetId) => {
      const documents: string[] = [];
      for await (const { Items: items = [] } of paginateQuery({ client }, ofTarget(targetId)))
        documents.push(...items.map(({ document }) => document?.S ?? ''));
      return documents;
    },
  };
}

function ofTarget(targetId: string) {
  return {
    TableName: TABLE,
    ConsistentRead: true,
    KeyConditionExpression: 'target_id = :target_id',
    ExpressionAttributeValues: { ':target_id': { S: targetId } },
  };
}
