import type { MessageAttributeValue, SQSClientConfig } from '@aws-sdk/client-sqs';
import type { TaskSubmitted } from '../../domain/exports/message.ts';
import type { TaskQueue } from '../../ports.ts';
import { AWS_LIMITS } from '../aws-limits.ts';
import { attempt } from '../infrastructure-failure.ts';
import { lazy } from '../lazy.ts';

type Options = {
  queueUrl: string;
  /** Laid over what the SDK finds in the environment (region, credentials, endpoint) and over our time limits. */
  clientConfig?: SQSClientConfig;
};

// The SDK would take the host of the queue's URL rather than the endpoint that the environment names.
const ENDPOINT = { useQueueUrlAsEndpoint: false };

/**
 * The queue in SQS. The body is the message as structured CloudEvents JSON; what subscribers filter by stands in the
 * message attributes too. The SDK is loaded at the first call.
 */
export function createSqsQueue({ queueUrl, clientConfig }: Options): TaskQueue {
  const sdk = lazy(async () => {
    const { SQSClient, SendMessageCommand } = await import('@aws-sdk/client-sqs');
    return { client: new SQSClient({ ...ENDPOINT, ...AWS_LIMITS, ...clientConfig }), SendMessageCommand };
  });
  return {
    publish(message) {
      return attempt(`send task ${message.data.task_id} to the queue ${queueUrl}`, async () => {
        const { client, SendMessageCommand } = await sdk();
        const attributes = attributesOf(message);
        const body = JSON.stringify(message);
        await client.send(
          new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, MessageAttributes: attributes }),
        );
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
