import { DatabaseSync } from 'node:sqlite';
import { infrastructureFailure } from './infrastructure-failure.ts';

/** How long a statement waits for another process to finish its write, in milliseconds. */
const BUSY_MILLISECONDS = 5_000;
const BUSY_PAUSE_MILLISECONDS = 10;
const SQLITE_BUSY = 5;

export type Database = DatabaseSync;

/**
 * Opens a SQLite file (or `:memory:`) that several processes may use at once, and creates the tables of `schema`,
 * which must allow for being run again. The file's folder must exist.
 */
export function openDatabase(file: string, schema: string): Database {
  let database: Database | undefined;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_MILLISECONDS });
    writeAheadLog(database);
    database.exec(schema);
    return database;
  } catch (cause) {
    database?.close();
    throw infrastructureFailure(`open the SQLite file ${file}`, cause);
  }
}

// SQLite does not apply its busy time-out to this one statement when two processes make a new file at the same moment.
function writeAheadLog(database: Database): void {
  const deadline = performance.now() + BUSY_MILLISECONDS;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      pause();
    }
  }
}

// Extended codes carry the plain one in their low byte.
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

// The database is synchronous, so the wait is too.
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MILLISECONDS);
}
