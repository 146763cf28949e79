import { setTimeout as wait } from 'node:timers/promises';
import { InputError } from '../../domain/errors.ts';
import { oneLine } from '../../domain/visible-text.ts';
import type { QueueReader, WaitingMessage } from '../../ports.ts';
import { openLocalQueue } from '../../wiring/local.ts';
import { type AddCommand, type CommandContext, DEFAULT_STATE } from '../context/command.ts';
import { ExitStatus } from '../context/exit.ts';
import { narrowWords } from '../output/format.ts';
import { fitted } from '../output/text.ts';

type QueueOptions = { state: string; follow?: boolean; ack?: string };

type Showing = CommandContext & Pick<QueueOptions, 'state'>;

const POLL_MILLISECONDS = 500;

const INDENT = '   ';

export const addQueue: AddCommand = (program, context) => {
  program
    .command('queue')
    .description('read the local queue; reading takes nothing away')
    .option('--follow', 'go on and show what arrives, until Ctrl-C')
    .option('--ack <handle>', 'take one message away, as a consumer that is done with it')
    .option('--state <folder>', 'where ledger and queue are kept', DEFAULT_STATE)
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
    isEmpty ? 'The queue is empty.' : `${messages.length} waiting. Done with one? queue --ack <handle>`,
  );
}

async function showArrivals(reader: QueueReader, context: Showing): Promise<void> {
  const { screen, exit, state } = context;
  const signal = AbortSignal.any([context.signal, context.outputClosed]);
  const told = new Set<string>();
  const tell = (handle: string) => {
    if (told.has(handle)) return;
    told.add(handle);
    exit(ExitStatus.failed);
    screen.print(unreadableText(handle, state));
  };
  let after: string | undefined;
  while (!signal.aborted) {
    for (const message of await reader.waiting(after, tell)) {
      after = message.handle;
      screen.document(message);
      if (!screen.json) screen.print(fitted(screen, messageText(message), INDENT));
    }
    await wait(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}

async function acknowledge(reader: QueueReader, handle: string, { screen }: CommandContext): Promise<void> {
  if (!(await reader.acknowledge(handle))) {
    throw new InputError('There is no such message:', [
      {
        path: '--ack',
        message: `"${handle}" is no handle of a waiting message; login-export queue lists them`,
      },
    ]);
  }
  screen.document({ acknowledged: handle });
  screen.print(`Message ${handle} is acknowledged.`);
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
    `${handle}  cannot be read: it is not a task message. Its window is in login-export status; to take it away: ` +
      `login-export queue --ack ${handle} --state ${state}`,
  );
}
