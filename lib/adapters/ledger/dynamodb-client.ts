import {
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { AWS_LIMITS } from '../aws-client.ts';

/** The SDK's client with the three commands that are used. Import this file late: it loads the SDK. */
export function createDynamoDbClient(config: DynamoDBClientConfig | undefined) {
  const client = new DynamoDBClient({ ...AWS_LIMITS, ...config });
  // It copies each answer for a log that nobody keeps: a quarter of what a listing costs.
  client.middlewareStack.remove('loggerMiddleware');
  return {
    getItem: (input: GetItemCommandInput) => client.send(new GetItemCommand(input)),
    putItem: (input: PutItemCommandInput) => client.send(new PutItemCommand(input)),
    query: (input: QueryCommandInput) => client.send(new QueryCommand(input)),
  };
}
