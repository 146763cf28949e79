import { SQSClient } from '@aws-sdk/client-sqs';
import type { Call } from './allowed.ts';

type Context = { clientName?: string; commandName?: string };
type Args = { input: Record<string, unknown> };
type Next = (args: Args) => Promise<unknown>;
type Stack = { add(middleware: (next: Next, context: Context) => Next, options: object): void };
type Client = { middlewareStack: Stack; send: (...args: unknown[]) => unknown };

/** Where calls go: IAM sees names as ARNs. */
export type Place = { account: string; region: string };

/**
 * Records what any client of the AWS SDK calls while `work` runs: a middleware in each client sees every command before
 * it is sent. Answers with the calls as IAM sees them; throws for a command that it knows no action of.
 */
export async function callsDuring(place: Place, work: () => Promise<void>): Promise<Call[]> {
  const calls: Call[] = [];
  // All clients of the SDK inherit `send` from one class.
  const client: Client = Object.getPrototypeOf(SQSClient.prototype);
  const { send } = client;
  client.send = function recorded(this: Client, ...args: unknown[]) {
    this.middlewareStack.add(
      (next, { clientName, commandName }) =>
        (given) => {
          calls.push(...callsOf(`${clientName} ${commandName}`, given.input, place));
          return next(given);
        },
      { step: 'initialize', name: 'recordCalls', override: true },
    );
    return send.apply(this, args);
  };
  try {
    await work();
  } finally {
    client.send = send;
  }
  return calls;
}

function callsOf(command: string, input: Record<string, unknown>, place: Place): Call[] {
  const known = COMMANDS[command];
  if (!known) throw new Error(`No permission is known for what the code calls: ${command}.`);
  return known(input, place);
}

// Sources: Service Authorization Reference, "Actions, resources, and condition keys" of each service.
const COMMANDS: Record<string, (input: Record<string, unknown>, place: Place) => Call[]> = {
  'DynamoDBClient GetItemCommand': (input, place) => [
    { action: 'dynamodb:GetItem', resource: tableArn(input, place) },
  ],
  'DynamoDBClient PutItemCommand': (input, place) => [
    { action: 'dynamodb:PutItem', resource: tableArn(input, place) },
  ],
  'DynamoDBClient QueryCommand': (input, place) => [
    { action: 'dynamodb:Query', resource: indexArn(input, place) },
  ],
  'SQSClient SendMessageCommand': ({ QueueUrl: url }, { account, region }) => [
    {
      action: 'sqs:SendMessage',
      resource: `arn:aws:sqs:${region}:${account}:${String(url).split('/').at(-1)}`,
    },
  ],
  // Secrets Manager adds six characters to the name.
  'SecretsManagerClient GetSecretValueCommand': ({ SecretId: id }, { account, region }) => [
    {
      action: 'secretsmanager:GetSecretValue',
      resource: `arn:aws:secretsmanager:${region}:${account}:secret:${id}-Ab12Cd`,
    },
  ],
};

function tableArn({ TableName: table }: Record<string, unknown>, { account, region }: Place): string {
  return `arn:aws:dynamodb:${region}:${account}:table/${table}`;
}

function indexArn(input: Record<string, unknown>, place: Place): string {
  const { IndexName: index } = input;
  return index === undefined ? tableArn(input, place) : `${tableArn(input, place)}/index/${index}`;
}
