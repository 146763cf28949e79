import type {
  AttributeValue,
  DynamoDBClientConfig,
  PutItemCommandInput,
  QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { lazy } from '../aws-client.ts';
import type { EntryRow, Row, RowKey, StoredRow } from './rows.ts';

export type TableOptions = {
  /** Name or ARN of the table, made as in `infra/ledger-table.yml`. */
  table: string;
  /** Laid over what the SDK finds in the environment (region, credentials, endpoint) and over our time limits. */
  clientConfig?: DynamoDBClientConfig;
};

/** All of a query but its table and where it goes on. */
export type Query = Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>;

/** The rows of a table, of whatever kind. The SDK is loaded at the first call. */
export function dynamoDbTable({ table, clientConfig }: TableOptions) {
  const client = lazy(async () => {
    const { createDynamoDbClient } = await import('./dynamodb-client.ts');
    return createDynamoDbClient(clientConfig);
  });

  const put = async (row: RowKey & Row, refused: Refused = {}): Promise<true | StoredRow | false> => {
    const { putItem } = await client();
    try {
      await putItem({ TableName: table, ...conditionalWrite(row), ...refused });
      return true;
    } catch (error) {
      if (!isRefused(error)) throw error;
      return error.Item ? storedRow(valuesOf(error.Item)) : false;
    }
  };

  return {
    async read({ target_id, window }: RowKey): Promise<StoredRow | undefined> {
      const { getItem } = await client();
      const one = { TableName: table, Key: itemOf({ target_id, window }), ConsistentRead: true };
      const { Item: item } = await getItem(one);
      return item && storedRow(valuesOf(item));
    },
    async write(row: RowKey & Row): Promise<boolean> {
      return (await put(row)) === true;
    },
    /** Writes the row, or returns the row that is there; false where the store does not return it. */
    writeOrGet(row: RowKey & Row): Promise<true | StoredRow | false> {
      return put(row, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    },
    /** What a query finds, a page of DynamoDB's at a time. */
    async *pages(query: Query): AsyncGenerator<EntryRow[]> {
      const { query: find } = await client();
      let page: Pick<QueryCommandInput, 'ExclusiveStartKey'> = {};
      do {
        const next = { TableName: table, ...query, ...page };
        const { Items: items = [], LastEvaluatedKey: last } = await find(next);
        yield items.map(valuesOf);
        page = { ExclusiveStartKey: last };
      } while (page.ExclusiveStartKey);
    },
  };
}

type Refused = Pick<PutItemCommandInput, 'ReturnValuesOnConditionCheckFailure'>;

type Item = Record<string, AttributeValue>;

const NO_ROW_YET = 'attribute_not_exists(target_id)';
const ON_PREVIOUS_VERSION = '#version = :previous';
const WRITTEN_BY_US = '(#version = :version AND write_id = :write_id)';

type WriteParts = 'Item' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues';

/** The write of a row on the terms of `RowTable`. */
function conditionalWrite(row: Row): Pick<PutItemCommandInput, WriteParts> {
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

/** The row was not as the write's condition demands. `Item` is the row that is there, where the store returns it. */
type Refusal = Error & { Item?: Item };

function isRefused(error: unknown): error is Refusal {
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
function valuesOf(item: Item): EntryRow {
  const values: Record<string, unknown> = {};
  for (const [name, { S: text, N: number }] of Object.entries(item)) {
    values[name] = number === undefined ? text : Number(number);
  }
  return values;
}

/** A row that should have a document. */
export function storedRow({ document, ...values }: EntryRow): StoredRow {
  return { ...values, document: typeof document === 'string' ? document : '' };
}
