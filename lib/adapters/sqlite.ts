import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { InfrastructureError } from '../domain/errors.ts';
import { infrastructureError } from './errors.ts';
import { isWritable, journalsOf, makeWhole, sizeOf, withCopy } from './sqlite-file.ts';

/** How long a statement waits for another process to finish its write, in milliseconds. */
const BUSY_MILLISECONDS = 5_000;

/** Result codes of SQLite (sqlite.org/rescode.html). */
const CODES = {
  sql: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  cannotOpen: 14,
  notADatabase: 26,
};

const MEMORY = ':memory:';

export type Database = DatabaseSync;

type Options = {
  /** Whether the file is only looked at: it must exist, nothing is written to it, and no permission to write is needed. */
  readOnly?: boolean;
};

/**
 * Opens a SQLite file (or `:memory:`) that several processes may use at once, with the tables of `schema`, which must
 * allow for being run again. The file's folder must exist. Throws an `InfrastructureError`, also for a file that is there
 * and holds nothing: it is the record of all that was done, so it is never started anew in silence.
 */
export function openDatabase(file: string, schema: string, { readOnly = false }: Options = {}): Database {
  try {
    if (!existsSync(file)) refuseOrphans(file);
    return readOnly ? openToRead(file, schema) : openToWrite(file, schema);
  } catch (cause) {
    throw openingError(file, cause);
  }
}

/**
 * Opens a SQLite file for one piece of work, and closes it. Throws an `InfrastructureError` as `openDatabase` does, also for
 * what fails in the work.
 */
export function withDatabase<Value>(
  file: string,
  schema: string,
  work: (database: Database) => Value,
): Value {
  const database = openDatabase(file, schema);
  try {
    return work(database);
  } catch (cause) {
    throw openingError(file, cause);
  } finally {
    database.close();
  }
}

/** Reads all of a file that is there. Throws an `InfrastructureError` where anything in it is damaged. */
export function checkDatabase(file: string): void {
  const database = openDatabase(file, '', { readOnly: true });
  try {
    const [first] = database.prepare('PRAGMA integrity_check(1)').all();
    const found = String(first?.['integrity_check']);
    if (found !== 'ok') throw damaged(file, found.replaceAll('\n', ' '));
  } catch (cause) {
    throw openingError(file, cause);
  } finally {
    database.close();
  }
}

function openingError(file: string, cause: unknown): InfrastructureError {
  if (cause instanceof InfrastructureError) return cause;
  if (hasCode(cause, CODES.corrupt, CODES.notADatabase)) return damaged(file, messageOf(cause), cause);
  if (hasCode(cause, CODES.sql)) return ofAnotherRelease(file, cause);
  if (hasCode(cause, CODES.busy, CODES.locked)) return held(file, cause);
  const failure = infrastructureError(`open the SQLite file ${file}`, cause);
  if (!hasCode(cause, CODES.inputOutput)) return failure;
  return new InfrastructureError(`${failure.message}. Is the disk full?`, { cause });
}

// What is run on a file that opens is the schema alone. It fits every file but one whose tables have other columns.
function ofAnotherRelease(file: string, cause: unknown): InfrastructureError {
  return new InfrastructureError(
    `The state file ${file} has tables of another release (${messageOf(cause)}). Use the release that wrote it, or begin ` +
      'with another state folder and set start_at of each target to where coverage shall begin again.',
    { cause },
  );
}

// SQLite would take the changes in such a journal for changes of a new file.
function refuseOrphans(file: string): void {
  const [left] = journalsOf(file);
  if (left !== undefined) throw damaged(file, `it is gone, and its journal ${left} is still there`);
}

function makeDatabase(file: string, schema: string): void {
  makeWhole(file, (made) =>
    opened(made, {}, (database) => {
      // Readers and a writer do not wait for each other.
      database.exec('PRAGMA journal_mode = WAL');
      database.exec(schema);
    }).close(),
  );
}

function openToWrite(file: string, schema: string): Database {
  if (file !== MEMORY && !existsSync(file)) makeDatabase(file, schema);
  return opened(file, {}, (database) => {
    if (file !== MEMORY) refuseEmpty(database, file);
    database.exec(schema);
  });
}

function openToRead(file: string, schema: string): Database {
  const readOnly = !isWritable(file);
  try {
    return opened(file, { readOnly }, (database) => {
      refuseEmpty(database, file);
      database.exec('PRAGMA query_only = ON');
      database.exec(schema);
    });
  } catch (error) {
    // Beside the file nothing may be written or has room, or a run was killed before it had made all tables.
    if (!hasCode(error, CODES.readOnly, CODES.cannotOpen, CODES.inputOutput)) throw error;
    return withCopy(file, (copy) =>
      opened(copy, {}, (database) => {
        refuseEmpty(database, file);
        database.exec('PRAGMA journal_mode = MEMORY');
        database.exec(schema);
      }),
    );
  }
}

function opened(
  file: string,
  options: { readOnly?: boolean },
  prepare: (database: Database) => void,
): Database {
  const database = new DatabaseSync(file, { timeout: BUSY_MILLISECONDS, ...options });
  try {
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

// SQLite takes a file without a byte for a new one, and zeros for the missing end of its last page.
function refuseEmpty(database: Database, file: string): void {
  const size = sizeOf(file);
  if (size < LEAST_BYTES) throw damaged(file, `it holds ${size} bytes, and a state file is never so small`);
  if (!database.prepare('SELECT 1 FROM sqlite_schema').get()) throw damaged(file, 'it holds no table');
  const pageSize = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
  if (size % pageSize !== 0) throw damaged(file, 'its end is missing');
}

// The smallest page that a database can have.
const LEAST_BYTES = 512;

function held(file: string, cause: unknown): InfrastructureError {
  return new InfrastructureError(
    `Another process has held the state file ${file} for ${BUSY_MILLISECONDS / 1_000} seconds (${messageOf(cause)}). Try again when it is done.`,
    { cause },
  );
}

function damaged(file: string, what: string, cause?: unknown): InfrastructureError {
  return new InfrastructureError(`The state file ${file} is damaged: ${what}. ${WHAT_TO_DO}`, { cause });
}

const WHAT_TO_DO =
  'It is the record of what was exported, and messages may be on it that nobody has read: restore it from a copy. Without one, move it away with its -wal, -shm and -journal, and set start_at of each target to where coverage shall begin again, 30 days ago at most.';

// Extended codes carry the plain one in their low byte.
function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof Error && 'errcode' in error && codes.includes(Number(error.errcode) & 0xff);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
