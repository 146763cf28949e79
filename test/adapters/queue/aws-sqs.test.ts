import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createSqsQueue } from '../../../lib/adapters/queue/aws-sqs.ts';
import { InfrastructureError } from '../../../lib/domain/errors.ts';
import { taskSubmitted } from '../../../lib/domain/exports/message.ts';
import { describeQueueContract } from '../../contracts/queue.ts';
import { startFailingAws } from '../../support/aws/failing-server.ts';
import { type FauxqsServer, startFauxqs } from '../../support/aws/fauxqs-server.ts';
import { taskMessage } from '../../support/ledger/window-rows.ts';

let server: FauxqsServer;
let queues = 0;

beforeAll(async () => {
  server = await startFauxqs();
});
afterAll(() => server.close());

describeQueueContract('SQS', async () => {
  const queueUrl = await newQueue();
  return {
    queue: createSqsQueue({ queueUrl, clientConfig: server.clientConfig }),
    received: async () => {
      const messages = await server.receive(queueUrl);
      return messages.map(({ Body = '' }) => taskSubmitted.parse(JSON.parse(Body)));
    },
    close: () => server.deleteQueue(queueUrl),
  };
});

describe('a message in SQS', () => {
  test('carries what subscribers filter by as attributes, and nothing else there', async () => {
    const queueUrl = await newQueue();
    await createSqsQueue({ queueUrl, clientConfig: server.clientConfig }).publish(taskMessage());
    const [message] = await server.receive(queueUrl);
    expect(message?.MessageAttributes).toEqual({
      type: { DataType: 'String', StringValue: 'workspace.login-export.task-submitted.v1' },
      target_id: { DataType: 'String', StringValue: 'acme-prod' },
      region: { DataType: 'String', StringValue: 'ap-southeast-3' },
      reason: { DataType: 'String', StringValue: 'catch-up' },
    });
    expect(message?.Body).toBe(JSON.stringify(taskMessage()));
  });
});

describe('the SQS queue in trouble', () => {
  test('says which task could not be sent to which queue when the queue is gone', async () => {
    const queueUrl = await newQueue();
    await server.deleteQueue(queueUrl);
    const queue = createSqsQueue({ queueUrl, clientConfig: server.clientConfig });
    const error = await queue.publish(taskMessage()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(String(error)).toContain(`send task task-1 to the queue ${queueUrl}: QueueDoesNotExist`);
  });

  test('passes on that sending is not allowed, with the SDK error as cause', async () => {
    const message = 'User: arn:aws:sts::1:assumed-role/x is not authorized to perform: sqs:SendMessage';
    const { clientConfig, close } = await startFailingAws({ refuse: 'AccessDeniedException', message });
    onTestFinished(close);
    const queueUrl = `${clientConfig.endpoint}/123456789012/tasks`;
    await expect(createSqsQueue({ queueUrl, clientConfig }).publish(taskMessage())).rejects.toMatchObject({
      kind: 'infrastructure',
      message: `Could not send task task-1 to the queue ${queueUrl}: AccessDeniedException: ${message}`,
      cause: { name: 'AccessDeniedException' },
    });
  });
});

async function newQueue(): Promise<string> {
  queues += 1;
  return await server.createQueue(`tasks-${queues}`);
}
