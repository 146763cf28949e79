import type { Database } from '../sqlite.ts';
import type { EntryRow, Row, RowTable, StoredRow } from './rows.ts';

/** A table, the columns that name a row of it, and the others. */
type Layout<Kind, KeyColumn> = {
  name: string;
  key: readonly KeyColumn[];
  values: readonly (keyof Kind & string)[];
};

const ON_PREVIOUS_VERSION = 'version = :version - 1';
const WRITTEN_BY_US = '(version = :version AND write_id = :write_id)';

/**
 * The rows of a table, written on the terms of `RowTable`. Of what it is given it keeps what it has columns for; what a
 * row lacks is NULL.
 */
export function sqliteTable<Kind extends Columns, KeyColumn extends keyof Kind & string>(
  database: Database,
  { name, key, values }: Layout<Kind, KeyColumn>,
): RowTable<Record<KeyColumn, string>, Kind> {
  const columns: (keyof Kind & string)[] = [...key, ...values];
  const changes = values.map(isGiven).join(', ');
  const isTheRow = key.map(isGiven).join(' AND ');

  const readRecord = database.prepare(`SELECT * FROM ${name} WHERE ${isTheRow}`);
  const writeFirst = database.prepare(`
    INSERT INTO ${name} (${columns.map(quoted).join(', ')}) VALUES (${columns.map(given).join(', ')})
    ON CONFLICT DO UPDATE SET ${changes} WHERE ${WRITTEN_BY_US}`);
  const writeNext = database.prepare(`
    UPDATE ${name} SET ${changes} WHERE ${isTheRow} AND (${ON_PREVIOUS_VERSION} OR ${WRITTEN_BY_US})`);

  return {
    read(row) {
      const found = readRecord.get(Object.fromEntries(key.map((column) => [column, row[column]])));
      return found && storedRow(found);
    },
    write(row) {
      const parameters = Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
      return (row.version === 1 ? writeFirst : writeNext).run(parameters).changes === 1;
    },
  };
}

/** A whole row as SQLite gives it. */
export function storedRow(row: EntryRow): StoredRow {
  return { ...row, document: String(row['document']) };
}

type Columns = Row & Record<string, string | number | undefined>;

function isGiven(column: string): string {
  return `${quoted(column)} = ${given(column)}`;
}

function given(column: string): string {
  return `:${column}`;
}

// "window" is a word of SQL.
function quoted(column: string): string {
  return `"${column}"`;
}
