import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** As much of docs/message.md as this consumer needs. */
export type TaskMessage = {
  id: string;
  type: string;
  subject: string;
  data: {
    task_id: string;
    target: { id: string; region: string; project_id: string };
    attempt: number;
    tasks_endpoint: string;
  };
};

export type Queue = {
  /** What waits now. Taking a message does not take it away. */
  messages(): AsyncIterable<{ handle: string; message: TaskMessage }>;
  /** Takes a message away for good. */
  acknowledge(handle: string): Promise<void>;
};

/** The queue of one machine, by its state folder, or an SQS queue, by its URL. */
export function openQueue(place: string): Queue {
  return /^https?:/.test(place) ? sqsQueue(place) : localQueue(place);
}

function localQueue(state: string): Queue {
  const queue = async (...more: string[]) => {
    const words = ['login-export', 'queue', '--json', '--state', state, ...more];
    const { stdout } = await promisify(execFile)('npx', words, { maxBuffer: 2 ** 28 });
    return JSON.parse(stdout);
  };
  return {
    async *messages() {
      yield* (await queue()).messages;
    },
    acknowledge: (handle) => queue('--ack', handle),
  };
}

function sqsQueue(QueueUrl: string): Queue {
  const sdk = import('@aws-sdk/client-sqs').then(({ SQS }) => new SQS());
  return {
    async *messages() {
      for (;;) {
        const { Messages: [taken] = [] } = await (await sdk).receiveMessage({ QueueUrl });
        if (!taken) return;
        yield { handle: taken.ReceiptHandle ?? '', message: JSON.parse(taken.Body ?? '') };
      }
    },
    acknowledge: async (ReceiptHandle) => void (await (await sdk).deleteMessage({ QueueUrl, ReceiptHandle })),
  };
}
