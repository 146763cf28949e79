import type { DynamoDBClientConfig, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Ledger } from '../../ports.ts';
import { AWS_LIMITS } from '../aws-limits.ts';
import { lazily } from '../lazily.ts';
import { conditionalWrite, isRefused, itemOf, valuesOf } from './dynamodb-items.ts';
import { ledgerOf } from './row-ledger.ts';
import {
  type AlertKey,
  ENTRY_COLUMNS,
  type EntryRow,
  type Row,
  type RowKey,
  type TargetKey,
} from './rows.ts';

type Options = {
  /** Name or ARN of the table, made as in `infra/ledger-table.yml`. */
  table: string;
  /** Laid over what the SDK finds in the environment (region, credentials, endpoint) and over our time limits. */
  clientConfig?: DynamoDBClientConfig;
};

/** Rows that are no window's: no name of a window looks like these, and without a `window_end` no listing shows them. */
const TARGET_ROW = { window: 'target' };
const ALERT_BOOK_ROW = { window: 'alert-book' };
const alertRow = ({ alert }: AlertKey) => ({ window: `alert-record/${alert}` });

/** The ledger in a DynamoDB table. The SDK is loaded at the first call. */
export function createDynamoDbLedger({ table, clientConfig }: Options): Ledger {
  const sdk = lazily(async () => {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const { GetItemCommand, PutItemCommand, QueryCommand } = await import('@aws-sdk/client-dynamodb');
    const client = new DynamoDBClient({ ...AWS_LIMITS, ...clientConfig });
    // It copies each answer for a log that nobody keeps: a quarter of what a listing costs.
    client.middlewareStack.remove('loggerMiddleware');
    return { client, GetItemCommand, PutItemCommand, QueryCommand };
  });

  const read = async ({ target_id, window }: RowKey) => {
    const { client, GetItemCommand } = await sdk();
    const one = { TableName: table, Key: itemOf({ target_id, window }), ConsistentRead: true };
    const { Item: item } = await client.send(new GetItemCommand(one));
    if (!item) return undefined;
    const { record, ...values } = valuesOf(item);
    return { ...values, record: typeof record === 'string' ? record : '' };
  };

  const write = async (row: Row & RowKey) => {
    const { client, PutItemCommand } = await sdk();
    try {
      await client.send(new PutItemCommand({ TableName: table, ...conditionalWrite(row) }));
      return true;
    } catch (error) {
      if (isRefused(error)) return false;
      throw error;
    }
  };

  const entries = async (targetId: string, after: string) => {
    const { client, QueryCommand } = await sdk();
    const rows: EntryRow[] = [];
    let page: Pick<QueryCommandInput, 'ExclusiveStartKey'> = {};
    do {
      const query = { TableName: table, ...entriesQuery(targetId, after), ...page };
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(new QueryCommand(query));
      for (const item of items) rows.push(valuesOf(item));
      page = { ExclusiveStartKey: last };
    } while (page.ExclusiveStartKey);
    return rows;
  };

  const named = (name: { window: string }) => ({
    read: (key: TargetKey) => read({ ...key, ...name }),
    write: (row: Row) => write({ ...row, ...name }),
  });
  const alerts = {
    read: (key: AlertKey) => read({ ...key, ...alertRow(key) }),
    write: (row: Row & AlertKey) => write({ ...row, ...alertRow(row) }),
  };
  const rows = { targets: named(TARGET_ROW), alertBooks: named(ALERT_BOOK_ROW), alerts };
  return ledgerOf({ windows: { read, write }, ...rows, entries }, `the ledger table ${table}`);
}

function entriesQuery(targetId: string, after: string) {
  return {
    IndexName: 'by_end',
    ConsistentRead: true,
    KeyConditionExpression: 'target_id = :target_id AND window_end > :after',
    ProjectionExpression: ENTRY_COLUMNS.map((column) => `#${column}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(ENTRY_COLUMNS.map((column) => [`#${column}`, column])),
    ExpressionAttributeValues: { ':target_id': { S: targetId }, ':after': { S: after } },
  };
}
