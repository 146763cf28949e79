import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type TaskSubmitted, taskSubmitted } from '../../lib/domain/task-submitted.ts';
import { startStandIns } from './aws-stand-ins.ts';

const TABLE = 'login-export-ledger';

const FOLLOW_UPS = {
  FOLLOW_UP_GROUP: 'follow-ups',
  FOLLOW_UP_ROLE_ARN: 'arn:aws:iam::123456789012:role/follow-up',
  FOLLOW_UP_FUNCTION_ARN: 'arn:aws:lambda:eu-central-1:123456789012:function:alert-export',
  FOLLOW_UP_DEAD_LETTER_ARN: 'arn:aws:sqs:eu-central-1:123456789012:undelivered-alerts',
};

/** Stand-ins for the four services, and the environment that makes a function use them. */
export async function startAws(secrets: Record<string, unknown>) {
  const { dynalite, fauxqs, manager, scheduler, environment } = await startStandIns();
  await dynalite.createLedgerTable(TABLE);
  const queueUrl = await fauxqs.createQueue('tasks');
  const setSecret = (name: string, secret: unknown) =>
    manager.secrets.set(name, { text: JSON.stringify(secret) });
  for (const [name, secret] of Object.entries(secrets)) setSecret(name, secret);
  const dynamo = new DynamoDBClient(dynalite.clientConfig);

  return {
    setSecret,
    secretReads: manager.requests,
    environment: {
      LEDGER_TABLE: TABLE,
      TASK_QUEUE_URL: queueUrl,
      ...environment,
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
