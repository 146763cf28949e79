import type { DynamoDBClientConfig, PutItemCommandInput, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { lazy } from '../aws-client.ts';
import { conditionalWrite, isRefused, itemOf, storedRow, valuesOf } from './dynamodb-items.ts';
import type { Query } from './dynamodb-queries.ts';
import type { EntryRow, Row, RowKey, StoredRow } from './rows.ts';

export type TableOptions = {
  /** Name or ARN of the table, made as in `infra/ledger-table.yml`. */
  table: string;
  /** Laid over what the SDK finds in the environment (region, credentials, endpoint) and over our time limits. */
  clientConfig?: DynamoDBClientConfig;
};

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
    /** Writes it, or gives what stands in its place; false where the store does not say. */
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
