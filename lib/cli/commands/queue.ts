import { setTimeout as wait } from 'node:timers/promises';
import { InputError } from '../../domain/errors.ts';
import { oneLine } from '../../domain/visible-text.ts';
import type { QueueReader, WaitingMessage } from '../../ports.ts';
import { openLocalQueue } from '../../wiring/local.ts';
import { type AddCommand, type CommandContext, DEFAULT_STATE } from '../context/command.ts';
import { ExitStatus } from '../context/exit.ts';
import { count, narrowWords } from '../output/format.ts';
import { fitted } from '../output/text.ts';

type QueueOptions = { state: string; follow?: boolean; ack?: string };

type Showing = CommandContext & Pick<QueueOptions, 'state'>;

const POLL_MILLISECONDS = 500;

const INDENT = '   ';

export const addQueue: AddCommand = (program, context) => {
  program
    .command('queue')
    .description('show the messages of the local queue; showing removes none')
    .option('--follow', 'keep showing new messages until Ctrl-C')
    .option('--ack <handle>', 'remove one message, as a consumer does after its work')
    .option('--state <folder>', 'the folder of the ledger and the queue', DEFAULT_STATE)
    .action(async ({ state, follow, ack }: QueueOptions) => {
      const queue = openLocalQueue(state, { changed: ack !== undefined });
      try {
        if (ack !== undefined) await acknowledge(queue.reader, ack, context);
        else if (follow) await showArrivals(queue.reader, { ...context, state });
        else await showWaiting(queue.reader, { ...context, state });
      } finally {
        queue.close();
      }
    });
};

async function showWaiting(reader: QueueReader, { screen, exit, state }: Showing): Promise<void> {
  const unreadable: string[] = [];
  const messages = await reader.waiting(undefined, (handle) => unreadable.push(handle));
  screen.document({ messages, ...(unreadable.length > 0 ? { unreadable } : {}) });
  if (!screen.json)
    for (const message of messages) screen.print(fitted(screen, messageText(message), INDENT));
  for (const handle of unreadable) screen.print(unreadableText(handle, state));
  if (unreadable.length > 0) exit(ExitStatus.failed);
  if (screen.json) return;
  const isEmpty = messages.length + unreadable.length === 0;
  screen.print(
    isEmpty
      ? 'The queue is empty.'
      : `${count(messages.length, 'message')}. To remove one: login-export queue --ack <handle>`,
  );
}

async function showArrivals(reader: QueueReader, context: Showing): Promise<void> {
  const { screen, exit, state } = context;
  const signal = AbortSignal.any([context.signal, context.outputClosed]);
  const reported = new Set<string>();
  const report = (handle: string) => {
    if (reported.has(handle)) return;
    reported.add(handle);
    exit(ExitStatus.failed);
    screen.print(unreadableText(handle, state));
  };
  let after: string | undefined;
  while (!signal.aborted) {
    for (const message of await reader.waiting(after, report)) {
      after = message.handle;
      screen.document(message);
      if (!screen.json) screen.print(fitted(screen, messageText(message), INDENT));
    }
    await wait(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}

async function acknowledge(reader: QueueReader, handle: string, { screen }: CommandContext): Promise<void> {
  if (!(await reader.acknowledge(handle))) {
    const message = `"${handle}" is not the handle of a message`;
    const fix = 'login-export queue shows the handles';
    throw new InputError('Unknown message:', [{ path: '--ack', message, fix }]);
  }
  screen.document({ acknowledged: handle });
  screen.print(`Message ${handle} is removed.`);
}

function messageText({ handle, message }: WaitingMessage): string {
  const { data } = message;
  const of = `${data.target.id}  ${message.subject}  task ${data.task_id}`;
  return oneLine(
    `${handle}  ${of}  ${data.reason}, attempt ${data.attempt}${narrowWords(data.request.filters)}`,
  );
}

function unreadableText(handle: string, state: string): string {
  return oneLine(
    `${handle}  cannot be read: it is not a task message. login-export status shows its window. To remove it: ` +
      `login-export queue --ack ${handle} --state ${state}`,
  );
}
