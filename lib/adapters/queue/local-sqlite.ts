import { InfrastructureError, InputError } from '../../domain/errors.ts';
import { taskSubmitted } from '../../domain/exports/message.ts';
import type { QueueReader, TaskQueue, WaitingMessage } from '../../ports.ts';
import { wrapErrors } from '../errors.ts';
import { openDatabase } from '../sqlite.ts';

type Options = {
  /** The SQLite file, in a folder that exists, or `:memory:`. It may be the ledger's, and other processes may use it too. */
  file: string;
  /** Whether it is only looked at; then the file must exist, and no permission to write is needed. */
  readOnly?: boolean;
};

// AUTOINCREMENT: a number is never given twice, so an old handle cannot take a newer message away.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    message TEXT NOT NULL
  ) STRICT`;

const SEND = 'INSERT INTO messages (message) VALUES (?)';
const WAITING = 'SELECT sequence, message FROM messages WHERE sequence > ? ORDER BY sequence';
const TAKE_AWAY = 'DELETE FROM messages WHERE sequence = ?';

const BEFORE_THE_FIRST = 0;

/** The queue, both sides of it, in a SQLite file. A handle is the message's sequence number. */
export function createSqliteQueue({
  file,
  readOnly = false,
}: Options): TaskQueue & QueueReader & { close(): void } {
  const database = openDatabase(file, SCHEMA, { readOnly });
  return {
    publish(message) {
      return wrapErrors(`put task ${message.data.task_id} on the queue in ${file}`, () => {
        database.prepare(SEND).run(JSON.stringify(message));
      });
    },
    waiting(after, unreadable) {
      return wrapErrors(`read the queue in ${file}`, () => {
        const start = after === undefined ? BEFORE_THE_FIRST : sequenceAfter(after);
        return database
          .prepare(WAITING)
          .all(start)
          .flatMap((row) => waitingMessage(row, { file, unreadable }));
      });
    },
    acknowledge(handle) {
      return wrapErrors(`acknowledge message ${handle} of the queue in ${file}`, () => {
        const sequence = sequenceOf(handle);
        return sequence !== undefined && database.prepare(TAKE_AWAY).run(sequence).changes === 1;
      });
    },
    close: () => database.close(),
  };
}

function sequenceAfter(handle: string): number {
  const sequence = sequenceOf(handle);
  if (sequence !== undefined) return sequence;
  throw new InputError('The queue cannot be read from there:', [
    { path: 'after', message: 'must be the handle of a message, which is a number' },
  ]);
}

function sequenceOf(handle: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(handle) ? Number(handle) : undefined;
}

function waitingMessage(row: Record<string, unknown>, { file, unreadable }: Reading): WaitingMessage[] {
  const handle = String(row['sequence']);
  try {
    return [{ handle, message: taskSubmitted.parse(JSON.parse(String(row['message']))) }];
  } catch (cause) {
    if (!unreadable) {
      const action = `read message ${handle} of the queue in ${file}`;
      throw new InfrastructureError(`Could not ${action}: it is not a task message`, { cause });
    }
    unreadable(handle);
    return [];
  }
}

type Reading = { file: string; unreadable: Parameters<QueueReader['waiting']>[1] };
