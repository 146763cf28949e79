import type { AttributeValue, PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { EntryRow, Row, StoredRow } from './rows.ts';

type Item = Record<string, AttributeValue>;

const NO_ROW_YET = 'attribute_not_exists(target_id)';
const ON_PREVIOUS_VERSION = '#version = :previous';
const WRITTEN_BY_US = '(#version = :version AND write_id = :write_id)';

type WriteParts = 'Item' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues';

/** The write of a row on the terms of `RowTable`. */
export function conditionalWrite(row: Row): Pick<PutItemCommandInput, WriteParts> {
  const { version, write_id } = row;
  const isFirst = version === 1;
  return {
    Item: itemOf(row),
    ConditionExpression: `${isFirst ? NO_ROW_YET : ON_PREVIOUS_VERSION} OR ${WRITTEN_BY_US}`,
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: itemOf({
      ':version': version,
      ':write_id': write_id,
      ...(isFirst ? {} : { ':previous': version - 1 }),
    }),
  };
}

/** That the row was not as the write demanded. `Item` is what stands there, if the write asked for it and the store tells. */
type Refusal = Error & { Item?: Item };

export function isRefused(error: unknown): error is Refusal {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

/** Texts and numbers as DynamoDB's attribute values. */
export function itemOf(values: Record<string, string | number>): Item {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );
}

/** The texts and numbers of an item. */
export function valuesOf(item: Item): EntryRow {
  const values: Record<string, unknown> = {};
  for (const [name, { S: text, N: number }] of Object.entries(item)) {
    values[name] = number === undefined ? text : Number(number);
  }
  return values;
}

/** A row that should have a record. */
export function storedRow({ record, ...values }: EntryRow): StoredRow {
  return { ...values, record: typeof record === 'string' ? record : '' };
}
