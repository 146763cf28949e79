import { execFile } from 'node:child_process';
import type { SQS } from '@aws-sdk/client-sqs';

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
  /** What waits now. Taking a message does not take it away. Throws at the end if others cannot be read. */
  messages(): AsyncIterable<{ handle: string; message: TaskMessage }>;
  /** Takes a message away for good. */
  acknowledge(handle: string): Promise<void>;
};

/** The queue of one machine, by its state folder, or an SQS queue, by its URL. */
export function openQueue(place: string): Queue {
  return /^https?:/.test(place) ? sqsQueue(place) : localQueue(place);
}

function localQueue(state: string): Queue {
  // Of the package in this folder: nothing is fetched from a registry.
  const command = ['--no-install', 'login-export', 'queue', '--json', '--state', state];
  const run = (...more: string[]) =>
    new Promise<{ isDone: boolean; stdout: string; message: string }>((resolve) => {
      execFile('npx', [...command, ...more], { maxBuffer: 2 ** 28 }, (error, stdout, stderr) =>
        resolve({
          isDone: !error,
          stdout,
          message: stderr.trim().replace(/^error /, '') || error?.message || 'no list of messages',
        }),
      );
    });
  return {
    async *messages() {
      const { isDone, stdout, message } = await run();
      // Also with status 1: it prints the messages that can be read, and on standard error which cannot.
      const { messages } = (parse(stdout) ?? {}) as { messages?: { handle: string; message: TaskMessage }[] };
      yield* messages ?? [];
      if (!isDone || !messages) throw new Error(message);
    },
    async acknowledge(handle) {
      const { isDone, message } = await run('--ack', handle);
      if (!isDone) throw new Error(`could not acknowledge message ${handle}: ${message}`);
    },
  };
}

function sqsQueue(QueueUrl: string): Queue {
  const sdk = import('@aws-sdk/client-sqs').then(({ SQS }) => new SQS());
  return {
    async *messages() {
      const unreadable: string[] = [];
      for await (const { ReceiptHandle: handle = '', MessageId: id = '', Body = '' } of taken(
        await sdk,
        QueueUrl,
      )) {
        const message = parse(Body);
        if (isTaskMessage(message)) yield { handle, message };
        else unreadable.push(id);
      }
      if (unreadable.length > 0)
        throw new Error(`no messages about an export task: ${unreadable.join(', ')}`);
    },
    acknowledge: async (ReceiptHandle) => void (await (await sdk).deleteMessage({ QueueUrl, ReceiptHandle })),
  };
}

async function* taken(sdk: SQS, QueueUrl: string) {
  for (;;) {
    const { Messages: [message] = [] } = await sdk.receiveMessage({ QueueUrl });
    if (!message) return;
    yield message;
  }
}

function isTaskMessage(value: unknown): value is TaskMessage {
  const { id, type, data } = (value ?? {}) as Partial<TaskMessage>;
  const isKnown = type === 'workspace.login-export.task-submitted.v1' && /^[0-9a-f]{32}$/.test(id ?? '');
  const texts = [data?.task_id, data?.tasks_endpoint, data?.target?.region, data?.target?.project_id];
  return isKnown && texts.every((text) => typeof text === 'string');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
