import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { type TaskSubmitted, taskSubmitted } from '../../lib/domain/task-submitted.ts';
import { startDynalite } from './dynalite-server.ts';
import { startFauxqs } from './fauxqs-server.ts';
import { startScheduler } from './scheduler-server.ts';
import { startSecretsManager } from './secrets-manager-server.ts';

const TABLE = 'login-export-ledger';

const FOLLOW_UPS = {
  FOLLOW_UP_GROUP: 'follow-ups',
  FOLLOW_UP_ROLE_ARN: 'arn:aws:iam::123456789012:role/follow-up',
  FOLLOW_UP_FUNCTION_ARN: 'arn:aws:lambda:eu-central-1:123456789012:function:alert-export',
  FOLLOW_UP_DEAD_LETTER_ARN: 'arn:aws:sqs:eu-central-1:123456789012:undelivered-alerts',
};

/** Stand-ins for the four services, and the environment that makes a function use them. */
export async function startAws(secrets: Record<string, unknown>) {
  const servers = [startDynalite(), startFauxqs(), startSecretsManager(), startScheduler()] as const;
  const [dynalite, fauxqs, manager, scheduler] = await Promise.all(servers);
  onTestFinished(async () => {
    await Promise.all([dynalite, fauxqs, manager, scheduler].map((server) => server.close()));
  });
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
      AWS_ENDPOINT_URL_SCHEDULER: scheduler.clientConfig.endpoint,
      ...FOLLOW_UPS,
    },
    /** The one-time schedules that were made, by group and name. */
    schedules: scheduler.schedules,
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
