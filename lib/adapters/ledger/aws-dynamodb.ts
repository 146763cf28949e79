import type { AttributeValue, DynamoDBClientConfig, PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { WindowRecord } from '../../domain/window-record.ts';
import type { Ledger } from '../../ports.ts';
import { AWS_LIMITS } from '../aws-limits.ts';
import { attempt } from '../infrastructure-failure.ts';
import { lazily } from '../lazily.ts';
import { nameOf, readRow, rowKey, rowOf, type WindowRow } from './window-row.ts';

type Options = {
  /** Name or ARN of the table. Its key is `target_id` (text) and `window` (text). */
  table: string;
  /** Laid over what the SDK finds in the environment (region, credentials, endpoint) and over our time limits. */
  clientConfig?: DynamoDBClientConfig;
};

// Who may write version n of a window, over the time of two runs A and B:
//
//   no row ──A──► 1 ──A──► 2 ──B (A's lease is over)──► 3        A, awake again, writes 3: refused, stays with B's 3
//          ▲        ▲  ▲
//          │        │  └ A's write of 2 again, because the reply got lost: WRITTEN_BY_US, nothing changes
//          │        └ a write of 2: ON_PREVIOUS_VERSION
//          └ a write of 1: NO_ROW_YET; a second one finds the row and is refused
const NO_ROW_YET = 'attribute_not_exists(target_id)';
const ON_PREVIOUS_VERSION = '#version = :previous';
const WRITTEN_BY_US = '(#version = :version AND write_id = :write_id)';

/** The ledger in a DynamoDB table. The SDK is loaded at the first call. */
export function createDynamoDbLedger({ table, clientConfig }: Options): Ledger {
  const sdk = lazily(async () => {
    const { DynamoDBClient, GetItemCommand, PutItemCommand } = await import('@aws-sdk/client-dynamodb');
    return { client: new DynamoDBClient({ ...AWS_LIMITS, ...clientConfig }), GetItemCommand, PutItemCommand };
  });
  return {
    find(key) {
      const action = `read ${nameOf(key)} from the ledger table ${table}`;
      return attempt(action, async () => {
        const { client, GetItemCommand } = await sdk();
        const read = { TableName: table, Key: keyItem(rowKey(key)), ConsistentRead: true };
        const { Item: item } = await client.send(new GetItemCommand(read));
        return item && readRow(item['record']?.S ?? '', action);
      });
    },
    save(record) {
      return attempt(`write ${nameOf(record)} to the ledger table ${table}`, async () => {
        const { client, PutItemCommand } = await sdk();
        try {
          await client.send(new PutItemCommand({ TableName: table, ...conditionalWrite(record) }));
          return true;
        } catch (error) {
          if (isRefused(error)) return false;
          throw error;
        }
      });
    },
  };
}

function conditionalWrite(record: WindowRecord): Pick<PutItemCommandInput, WriteParts> {
  const { version, writeId } = record;
  const ours = { ':version': { N: String(version) }, ':write_id': { S: writeId } };
  const previous = { ':previous': { N: String(version - 1) } };
  const isFirst = version === 1;
  return {
    Item: rowItem(rowOf(record)),
    ConditionExpression: `${isFirst ? NO_ROW_YET : ON_PREVIOUS_VERSION} OR ${WRITTEN_BY_US}`,
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: isFirst ? ours : { ...ours, ...previous },
  };
}

type WriteParts = 'Item' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues';

function rowItem({ version, ...texts }: WindowRow): Record<string, AttributeValue> {
  return { ...keyItem(texts), version: { N: String(version) } };
}

function keyItem(texts: Record<string, string>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { S: text }]));
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}
