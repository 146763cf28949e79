import {
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import { AWS_LIMITS } from '../aws-client.ts';

/** The SDK's client with the one command that is used. Import this file late: it loads the SDK. */
export function createSqsClient(config: SQSClientConfig | undefined) {
  // The SDK would take the host of the queue's URL rather than the endpoint that the environment names.
  const client = new SQSClient({ useQueueUrlAsEndpoint: false, ...AWS_LIMITS, ...config });
  return { sendMessage: (input: SendMessageCommandInput) => client.send(new SendMessageCommand(input)) };
}
