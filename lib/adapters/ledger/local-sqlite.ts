import type { Ledger } from '../../ports.ts';
import { type Database, openWith } from '../sqlite.ts';
import { ledgerOf } from './row-ledger.ts';
import type {
  EntryRow,
  RequestKey,
  RequestTable,
  Row,
  RowKey,
  Rows,
  RowTable,
  StoredRequest,
  StoredWindow,
  TargetKey,
} from './rows.ts';
import {
  AFTER_NUMBERED,
  ENTRIES_AFTER,
  EXPIRE,
  NUMBERED_BEFORE,
  OPEN_REQUESTS,
  OPEN_WINDOWS,
} from './sqlite-listings.ts';
import { COMMON, LEDGER_SCHEMA, OF_REQUESTS, OF_WINDOWS } from './sqlite-schema.ts';
import { sqliteTable, storedRow } from './sqlite-table.ts';

type Options = {
  /** The SQLite file, in a folder that exists, or `:memory:`. Other processes may use it at the same time. */
  file: string;
  /** Whether it is only looked at; then the file must exist, and no permission to write is needed. */
  readOnly?: boolean;
};

/** The ledger in a SQLite file. `close` ends its use; what was saved is on disk before. */
export function createSqliteLedger({ file, readOnly = false }: Options): Ledger & { close(): void } {
  return openWith(file, LEDGER_SCHEMA, { readOnly }, (database) => {
    const tables = tablesOf(database);
    const rows = { ...tables, ...listingsOf(database, tables) };
    return { ...ledgerOf(rows, `the ledger file ${file}`), close: () => database.close() };
  });
}

type Tables = Pick<Rows, 'windows' | 'requests'> & {
  targets: RowTable<TargetKey, Row>;
};

function tablesOf(database: Database): Tables {
  const ofTargets = (name: string) =>
    sqliteTable<Row, keyof TargetKey>(database, { name, key: ['target_id'], values: COMMON });
  return {
    windows: sqliteTable<StoredWindow, keyof RowKey>(database, {
      name: 'windows',
      key: ['target_id', 'window'],
      values: OF_WINDOWS,
    }),
    targets: ofTargets('targets'),
    requests: requestsOf(database),
  };
}

function requestsOf(database: Database): RequestTable {
  const table = sqliteTable<StoredRequest, keyof RequestKey>(database, {
    name: 'alert_requests',
    key: ['target_id', 'request'],
    values: OF_REQUESTS,
  });
  const expire = database.prepare(EXPIRE);
  return {
    ...table,
    put: (row) => table.write(row),
    expire: (target_id, seconds) => {
      expire.run({ target_id, seconds });
    },
  };
}

function listingsOf(database: Database, { targets }: Tables): Pick<Rows, 'entries' | 'open' | 'numbered'> {
  const entries = database.prepare(ENTRIES_AFTER);
  const openWindows = database.prepare(OPEN_WINDOWS);
  const openRequests = database.prepare(OPEN_REQUESTS);
  const numberedBefore = database.prepare(NUMBERED_BEFORE);
  return {
    entries: (target_id, after) => entries.all({ target_id, after }),
    open: async (target_id) => ({
      target: await targets.read({ target_id }),
      windows: openWindows.all({ target_id }),
      requests: openRequests.all({ target_id }).map(storedRow),
    }),
    *numbered(target_id): Iterable<EntryRow[]> {
      let page: EntryRow[] = numberedBefore.all({ target_id, before: AFTER_NUMBERED });
      while (page.length > 0) {
        yield page;
        page = numberedBefore.all({ target_id, before: String(page.at(-1)?.['window']) });
      }
    },
  };
}
