import { taskSubmitted } from '../../lib/domain/exports/message.ts';
import type { DeployedService } from './deployed-service.ts';

type Seen = Pick<DeployedService, 'aws' | 'stack'>;

/** Takes what is on the queue. */
export async function received({ aws, stack }: Seen) {
  const url = ['--queue-url', stack.idOf('TaskQueue')];
  const words = ['--max-number-of-messages', '10', '--message-attribute-names', 'All'];
  const answer = await aws('sqs', 'receive-message', ...url, ...words);
  const messages: Received[] = answer?.Messages ?? [];
  for (const { ReceiptHandle: handle } of messages)
    await aws('sqs', 'delete-message', ...url, '--receipt-handle', handle);
  return messages.map(({ Body, MessageAttributes }) => ({
    message: taskSubmitted.parse(JSON.parse(Body)),
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
    ),
  }));
}

type Received = {
  Body: string;
  ReceiptHandle: string;
  MessageAttributes: Record<string, { StringValue: string }>;
};

/** The states of all windows in the ledger of the stack. */
export async function rowStates(seen: Seen): Promise<string[]> {
  return statesOf(await rowsOf(seen), ({ window_end: end }) => end !== undefined);
}

/** The states of all requests of alerts in the ledger of the stack. */
export async function requestStates(seen: Seen): Promise<string[]> {
  return statesOf(await rowsOf(seen), ({ window }) => window?.S.startsWith('request/') ?? false);
}

type Row = Record<string, { S: string } | undefined>;

async function rowsOf({ aws, stack }: Seen): Promise<Row[]> {
  const { Items: items } = await aws('dynamodb', 'scan', '--table-name', stack.idOf('LedgerTable'));
  return items;
}

function statesOf(rows: readonly Row[], isMeant: (row: Row) => boolean): string[] {
  return rows.filter(isMeant).map(({ state }) => state?.S ?? '');
}
