import { ENTRY_COLUMNS } from './rows.ts';
import { ENTRIES_INDEX, EXPIRING_INDEX, OPEN_REQUESTS_INDEX, OPEN_WINDOWS_INDEX } from './sqlite-listings.ts';

/** What every row has besides its key, see `Row`. */
export const COMMON = ['version', 'write_id', 'updated_at', 'document'] as const;

const [, ...LISTED] = ENTRY_COLUMNS;

/** What a window's row has besides; the columns of its names are the key. */
export const OF_WINDOWS = [...LISTED, 'open', ...COMMON] as const;

export const OF_REQUESTS = ['state', 'open', 'expires_at', ...COMMON] as const;

const COMMON_COLUMNS = `
    version INTEGER NOT NULL,
    write_id TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    document TEXT NOT NULL`;

// Ordinary tables: of one WITHOUT ROWID, even an index with all that a query wants leads to each row.
const WINDOWS = `
  CREATE TABLE IF NOT EXISTS windows (
    target_id TEXT NOT NULL,
    "window" TEXT NOT NULL,
    window_start TEXT NOT NULL,
    window_end TEXT NOT NULL,
    filters_digest TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    orphans INTEGER NOT NULL,
    lease_until TEXT,
    task_id TEXT,
    failure_kind TEXT,
    failed_at TEXT,
    ordered_at TEXT,
    published_at TEXT,
    open TEXT,${COMMON_COLUMNS},
    PRIMARY KEY (target_id, "window")
  ) STRICT`;

const REQUESTS = `
  CREATE TABLE IF NOT EXISTS alert_requests (
    target_id TEXT NOT NULL,
    request TEXT NOT NULL,
    state TEXT NOT NULL,
    open TEXT,
    expires_at INTEGER,${COMMON_COLUMNS},
    PRIMARY KEY (target_id, request)
  ) STRICT`;

const TARGETS = `
  CREATE TABLE IF NOT EXISTS targets (target_id TEXT NOT NULL PRIMARY KEY,${COMMON_COLUMNS}) STRICT`;

/** The tables of a ledger and their indexes; it may be run again on a file that has them. */
export const LEDGER_SCHEMA = [
  WINDOWS,
  ENTRIES_INDEX,
  OPEN_WINDOWS_INDEX,
  REQUESTS,
  OPEN_REQUESTS_INDEX,
  EXPIRING_INDEX,
  TARGETS,
].join(';');
