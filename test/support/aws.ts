import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { type TaskSubmitted, taskSubmitted } from '../../lib/domain/task-submitted.ts';
import { startDynalite } from './dynalite-server.ts';
import { startFauxqs } from './fauxqs-server.ts';
import { startSecretsManager } from './secrets-manager-server.ts';

const TABLE = 'login-export-ledger';

/** Stand-ins for the three services, and the environment that makes a function use them. */
export async function startAws(secrets: Record<string, unknown>) {
  const [dynalite, fauxqs, manager] = await Promise.all([
    startDynalite(),
    startFauxqs(),
    startSecretsManager(),
  ]);
  onTestFinished(async () => void (await Promise.all([dynalite.close(), fauxqs.close(), manager.close()])));
  await dynalite.createLedgerTable(TABLE);
  const queueUrl = await fauxqs.createQueue('tasks');
  const setSecret = (name: string, secret: unknown) =>
    manager.secrets.set(name, { text: JSON.stringify(secret) });
  for (const [name, secret] of Object.entries(secrets)) setSecret(name, secret);
  const { credentials, region } = dynalite.clientConfig;
  const dynamo = new DynamoDBClient(dynalite.clientConfig);

  return {
    setSecret,
    secretReads: manager.requests,
    environment: {
      LEDGER_TABLE: TABLE,
      TASK_QUEUE_URL: queueUrl,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: dynalite.clientConfig.endpoint,
      AWS_ENDPOINT_URL_SQS: fauxqs.clientConfig.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.clientConfig.endpoint,
    },
    /** Takes what waits on the queue. */
    receive: async (): Promise<
      { message: TaskSubmitted; attributes: Record<string, string | undefined> }[]
    > =>
      (await fauxqs.receive(queueUrl)).map(({ Body = '', MessageAttributes = {} }) => ({
        message: taskSubmitted.parse(JSON.parse(Body)),
        attributes: Object.fromEntries(
          Object.entries(MessageAttributes).map(([name, value]) => [name, value.StringValue]),
        ),
      })),
    /** Every row of the ledger that is a window's. */
    rows: async () => {
      const { Items: items = [] } = await dynamo.send(new ScanCommand({ TableName: TABLE }));
      return items.filter((item) => 'state' in item);
    },
  };
}
