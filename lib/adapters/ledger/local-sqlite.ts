import type { Ledger } from '../../ports.ts';
import { openDatabase } from '../sqlite-database.ts';
import { ledgerOf } from './row-ledger.ts';
import type { AlertKey, Row, RowKey, WindowRow } from './rows.ts';
import { ENTRIES_AFTER } from './sqlite-entries.ts';
import { COMMON, LEDGER_SCHEMA, OF_WINDOWS } from './sqlite-schema.ts';
import { sqliteTable } from './sqlite-table.ts';

type Options = {
  /** The SQLite file, in a folder that exists, or `:memory:`. Other processes may use it at the same time. */
  file: string;
  /** Whether it is only looked at; then the file must exist, and no permission to write is needed. */
  readOnly?: boolean;
};

/** The ledger in a SQLite file. `close` ends its use; what was saved is on disk before. */
export function createSqliteLedger({ file, readOnly = false }: Options): Ledger & { close(): void } {
  const database = openDatabase(file, LEDGER_SCHEMA, { readOnly });
  const entries = database.prepare(ENTRIES_AFTER);
  const rows = {
    windows: sqliteTable<WindowRow, keyof RowKey>(database, {
      name: 'windows',
      key: ['target_id', 'window'],
      values: OF_WINDOWS,
    }),
    targets: sqliteTable<Row, 'target_id'>(database, {
      name: 'targets',
      key: ['target_id'],
      values: COMMON,
    }),
    alertBooks: sqliteTable<Row, 'target_id'>(database, {
      name: 'alert_books',
      key: ['target_id'],
      values: COMMON,
    }),
    alerts: sqliteTable<Row & AlertKey, keyof AlertKey>(database, {
      name: 'alerts',
      key: ['target_id', 'alert'],
      values: COMMON,
    }),
    entries: (target_id: string, after: string) => entries.all({ target_id, after }),
  };
  return { ...ledgerOf(rows, `the ledger file ${file}`), close: () => database.close() };
}
