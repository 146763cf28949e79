import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { ENTRY_COLUMNS } from './rows.ts';

/** All of a query but its table and where it goes on. */
export type Query = Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>;

/** The windows of a target that end after `after`, in the order of their ends. */
export function entriesQuery(targetId: string, after: string): Query {
  return {
    ...SHOWN,
    IndexName: 'by_end',
    ConsistentRead: true,
    KeyConditionExpression: 'target_id = :target_id AND window_end > :after',
    ExpressionAttributeValues: { ':target_id': { S: targetId }, ':after': { S: after } },
  };
}

/** Every row of a target that has an `open`, whole. */
export function openQuery(targetId: string): Query {
  return {
    IndexName: 'open',
    ConsistentRead: true,
    KeyConditionExpression: 'target_id = :target_id',
    ExpressionAttributeValues: { ':target_id': { S: targetId } },
  };
}

/** The exports for alerts of a target, the highest number first, in pages of about two hours at a common cap. */
export function numberedQuery(targetId: string): Query {
  return {
    ...SHOWN,
    ConsistentRead: true,
    KeyConditionExpression: 'target_id = :target_id AND begins_with(#window, :alert)',
    ExpressionAttributeValues: { ':target_id': { S: targetId }, ':alert': { S: 'alert/' } },
    ScanIndexForward: false,
    Limit: 25,
  };
}

const SHOWN = {
  ProjectionExpression: ENTRY_COLUMNS.map((column) => `#${column}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(ENTRY_COLUMNS.map((column) => [`#${column}`, column])),
};
