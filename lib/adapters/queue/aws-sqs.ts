import type { MessageAttributeValue, SQSClientConfig } from '@aws-sdk/client-sqs';
import type { TaskSubmitted } from '../../domain/exports/message.ts';
import type { TaskQueue } from '../../ports.ts';
import { lazy } from '../aws-client.ts';
import { wrapErrors } from '../errors.ts';

type Options = {
  queueUrl: string;
  /** Laid over what the SDK finds in the environment (region, credentials, endpoint) and over our time limits. */
  clientConfig?: SQSClientConfig;
};

/**
 * The queue in SQS. The body is the message as structured CloudEvents JSON; what subscribers filter by is in the
 * message attributes too. The SDK is loaded at the first call.
 */
export function createSqsQueue({ queueUrl, clientConfig }: Options): TaskQueue {
  const client = lazy(async () => (await import('./sqs-client.ts')).createSqsClient(clientConfig));
  return {
    publish(message) {
      return wrapErrors(`send task ${message.data.task_id} to the queue ${queueUrl}`, async () => {
        const { sendMessage } = await client();
        await sendMessage({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify(message),
          MessageAttributes: attributesOf(message),
        });
      });
    },
  };
}

function attributesOf({ type, data }: TaskSubmitted): Record<string, MessageAttributeValue> {
  return {
    type: text(type),
    target_id: text(data.target.id),
    region: text(data.target.region),
    reason: text(data.reason),
  };
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}
