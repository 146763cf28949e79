import type { Ledger } from '../../ports.ts';
import { openDatabase } from '../sqlite-database.ts';
import { ledgerOf } from './row-ledger.ts';
import { ENTRIES_AFTER, ENTRIES_INDEX } from './sqlite-entries.ts';
import { sqliteTable } from './sqlite-table.ts';

type Options = {
  /** The SQLite file, in a folder that exists, or `:memory:`. Other processes may use it at the same time. */
  file: string;
  /** Whether it is only looked at; then the file must exist, and no permission to write is needed. */
  readOnly?: boolean;
};

const COLUMNS = `
    version INTEGER NOT NULL,
    write_id TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    record TEXT NOT NULL`;

const WINDOWS = `
  CREATE TABLE IF NOT EXISTS windows (
    target_id TEXT NOT NULL,
    "window" TEXT NOT NULL,
    state TEXT NOT NULL,${COLUMNS},
    PRIMARY KEY (target_id, "window")
  ) STRICT`;

const TARGETS = `CREATE TABLE IF NOT EXISTS targets (target_id TEXT NOT NULL PRIMARY KEY,${COLUMNS}) STRICT`;

const ALERT_BOOKS = `CREATE TABLE IF NOT EXISTS alert_books (target_id TEXT NOT NULL PRIMARY KEY,${COLUMNS}) STRICT`;

const ALERTS = `
  CREATE TABLE IF NOT EXISTS alerts (
    target_id TEXT NOT NULL,
    alert TEXT NOT NULL,${COLUMNS},
    PRIMARY KEY (target_id, alert)
  ) STRICT`;

const COMMON = ['version', 'write_id', 'updated_at', 'record'] as const;

/** The ledger in a SQLite file. `close` ends its use; what was saved is on disk before. */
export function createSqliteLedger({ file, readOnly = false }: Options): Ledger & { close(): void } {
  const schema = [WINDOWS, ENTRIES_INDEX, TARGETS, ALERT_BOOKS, ALERTS].join(';');
  const database = openDatabase(file, schema, { readOnly });
  const entries = database.prepare(ENTRIES_AFTER);
  const rows = {
    windows: sqliteTable(database, {
      name: 'windows',
      key: ['target_id', 'window'],
      values: ['state', ...COMMON],
    }),
    targets: sqliteTable(database, { name: 'targets', key: ['target_id'], values: COMMON }),
    alertBooks: sqliteTable(database, { name: 'alert_books', key: ['target_id'], values: COMMON }),
    alerts: sqliteTable(database, { name: 'alerts', key: ['target_id', 'alert'], values: COMMON }),
    entries: (target_id: string, after: string) => entries.all({ target_id, after }),
  };
  return { ...ledgerOf(rows, `the ledger file ${file}`), close: () => database.close() };
}
