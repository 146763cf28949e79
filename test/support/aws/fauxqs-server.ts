import {
  CreateQueueCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { type AwsClientConfig, awsClientConfig } from './client-config.ts';

export type FauxqsServer = {
  clientConfig: AwsClientConfig;
  /** Creates a queue and resolves to its URL. */
  createQueue(name: string): Promise<string>;
  deleteQueue(queueUrl: string): Promise<void>;
  /** Receives up to ten messages, with their attributes. */
  receive(queueUrl: string): Promise<Message[]>;
  close(): Promise<void>;
};

/** Starts an SQS stand-in, in memory, on a free port of the loopback. */
export async function startFauxqs(): Promise<FauxqsServer> {
  // Its own start function listens on all interfaces.
  const app = buildApp({ logger: false, host: 'localhost' });
  const clientConfig = awsClientConfig(await app.listen({ port: 0, host: '127.0.0.1' }));
  const client = new SQSClient(clientConfig);
  return {
    clientConfig,
    createQueue: async (name) => {
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name }));
      if (QueueUrl === undefined) throw new Error(`no URL for queue ${name}`);
      return QueueUrl;
    },
    deleteQueue: async (queueUrl) => {
      await client.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
    },
    receive: async (queueUrl) => {
      const all = { MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, ...all }));
      return Messages;
    },
    close: async () => {
      client.destroy();
      await app.close();
    },
  };
}
