import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type TaskSubmitted, taskSubmitted } from '../../../lib/domain/exports/message.ts';
import { startStandIns } from './stand-ins.ts';

const TABLE = 'login-export-ledger';

/** Stand-ins for the three services, and the environment that makes a function use them. */
export async function startAws(secrets: Record<string, unknown>) {
  const { dynalite, fauxqs, manager, environment } = await startStandIns();
  await dynalite.createLedgerTable(TABLE);
  const queueUrl = await fauxqs.createQueue('tasks');
  const setSecret = (name: string, secret: unknown) =>
    manager.secrets.set(name, { text: JSON.stringify(secret) });
  for (const [name, secret] of Object.entries(secrets)) setSecret(name, secret);
  const dynamo = new DynamoDBClient(dynalite.clientConfig);

  return {
    setSecret,
    secretReads: manager.requests,
    environment: { LEDGER_TABLE: TABLE, TASK_QUEUE_URL: queueUrl, ...environment },
    /** Receives the messages on the queue. */
    receive: async (): Promise<
      { message: TaskSubmitted; attributes: Record<string, string | undefined> }[]
    > =>
      (await fauxqs.receive(queueUrl)).map(({ Body = '', MessageAttributes = {} }) => ({
        message: taskSubmitted.parse(JSON.parse(Body)),
        attributes: Object.fromEntries(
          Object.entries(MessageAttributes).map(([name, value]) => [name, value.StringValue]),
        ),
      })),
    /** All window rows of the ledger. */
    rows: async () => (await everyRow(dynamo)).filter((item) => 'window_end' in item),
    /** All request rows of the ledger. */
    requests: async () => (await everyRow(dynamo)).filter(({ window }) => window?.S?.startsWith('request/')),
  };
}

async function everyRow(dynamo: DynamoDBClient) {
  const { Items: items = [] } = await dynamo.send(new ScanCommand({ TableName: TABLE }));
  return items;
}
