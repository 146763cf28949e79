import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { BUSY_MILLISECONDS, CODES, damaged, hasCode, openingError } from './sqlite-errors.ts';
import { isWritable, journalsOf, makeWhole, sizeOf, withCopy } from './sqlite-file.ts';

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
 * Opens a SQLite file as `openDatabase` does, and makes of it what is kept with it, such as prepared statements. What fails
 * in that is a failure to open the file, which is closed: statements do not fit the tables of another release.
 */
export function openWith<Value>(
  file: string,
  schema: string,
  options: Options,
  make: (database: Database) => Value,
): Value {
  const database = openDatabase(file, schema, options);
  try {
    return make(database);
  } catch (cause) {
    database.close();
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
  options: Options = {},
): Value {
  return openWith(file, schema, options, (database) => {
    const value = work(database);
    database.close();
    return value;
  });
}

/** Reads all of a file that is there. Throws an `InfrastructureError` where anything in it is damaged. */
export function checkDatabase(file: string): void {
  const check = (database: Database) => {
    const [first] = database.prepare('PRAGMA integrity_check(1)').all();
    const found = String(first?.['integrity_check']);
    if (found !== 'ok') throw damaged(file, found.replaceAll('\n', ' '));
  };
  withDatabase(file, '', check, { readOnly: true });
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
