import type { WindowRecord } from '../../domain/window-record.ts';
import type { Ledger } from '../../ports.ts';
import { attempt } from '../infrastructure-failure.ts';
import { openDatabase } from '../sqlite-database.ts';
import { nameOf, readRow, rowKey, rowOf } from './window-row.ts';

type Options = {
  /** The SQLite file, in a folder that exists, or `:memory:`. Other processes may use it at the same time. */
  file: string;
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS windows (
    target_id TEXT NOT NULL,
    "window" TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    write_id TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (target_id, "window")
  ) STRICT, WITHOUT ROWID`;

// Who may write version n of a window, over the time of two runs A and B:
//
//   no row ──A──► 1 ──A──► 2 ──B (A's lease is over)──► 3        A, awake again, writes 3: refused, stays with B's 3
//          ▲        ▲  ▲
//          │        │  └ A's write of 2 once more: WRITTEN_BY_US, nothing changes
//          │        └ a write of 2: ON_PREVIOUS_VERSION
//          └ a write of 1: WRITE_FIRST inserts; a second one conflicts with the row and is refused
const ON_PREVIOUS_VERSION = 'version = :version - 1';
const WRITTEN_BY_US = '(version = :version AND write_id = :write_id)';

const CHANGES =
  'state = :state, version = :version, write_id = :write_id, updated_at = :updated_at, record = :record';

const WRITE_FIRST = `
  INSERT INTO windows (target_id, "window", state, version, write_id, updated_at, record)
  VALUES (:target_id, :window, :state, :version, :write_id, :updated_at, :record)
  ON CONFLICT DO UPDATE SET ${CHANGES} WHERE ${WRITTEN_BY_US}`;

const WRITE_NEXT = `
  UPDATE windows SET ${CHANGES}
  WHERE target_id = :target_id AND "window" = :window AND (${ON_PREVIOUS_VERSION} OR ${WRITTEN_BY_US})`;

const READ = 'SELECT record FROM windows WHERE target_id = :target_id AND "window" = :window';

/** The ledger in a SQLite file. `close` ends its use; what was saved is on disk before. */
export function createSqliteLedger({ file }: Options): Ledger & { close(): void } {
  const database = openDatabase(file, SCHEMA);
  return {
    find(key) {
      const action = `read ${nameOf(key)} from the ledger file ${file}`;
      return attempt(action, () => {
        const row = database.prepare(READ).get(rowKey(key));
        return row && readRow(String(row['record']), action);
      });
    },
    save(record) {
      return attempt(`write ${nameOf(record)} to the ledger file ${file}`, () => {
        const { changes } = database.prepare(statementFor(record)).run(rowOf(record));
        return changes === 1;
      });
    },
    close: () => database.close(),
  };
}

function statementFor({ version }: WindowRecord): string {
  return version === 1 ? WRITE_FIRST : WRITE_NEXT;
}
