import { ENTRY_COLUMNS } from './rows.ts';

const SHOWN = quoted(ENTRY_COLUMNS);

/** Holds all that a listing shows, so that a listing reads no rows. */
export const ENTRIES_INDEX = `
  CREATE INDEX IF NOT EXISTS entries_by_end ON windows (
    target_id, window_end, ${quoted(ENTRY_COLUMNS.filter((column) => column !== 'window_end'))}
  )`;

/** The entries of `:target_id` with an end after `:after`, in the order of their ends. */
export const ENTRIES_AFTER = `
  SELECT ${SHOWN} FROM windows WHERE target_id = :target_id AND window_end > :after ORDER BY window_end`;

/** How many of the exports for alerts are read at a time. */
const PAGE = 25;

/** The exports for alerts of `:target_id` whose names come before `:before`, the highest number first. */
export const NUMBERED_BEFORE = `
  SELECT ${SHOWN} FROM windows
  WHERE target_id = :target_id AND "window" >= 'alert/' AND "window" < :before
  ORDER BY "window" DESC LIMIT ${PAGE}`;

/** Comes after the names of all exports for alerts. */
export const AFTER_NUMBERED = 'alert0';

// What is done with is by far the most, and is not in these indexes.

export const OPEN_WINDOWS_INDEX = `
  CREATE INDEX IF NOT EXISTS open_windows ON windows (target_id, open) WHERE open IS NOT NULL`;

export const OPEN_REQUESTS_INDEX = `
  CREATE INDEX IF NOT EXISTS open_requests ON alert_requests (target_id, open) WHERE open IS NOT NULL`;

export const EXPIRING_INDEX = `
  CREATE INDEX IF NOT EXISTS expiring_requests ON alert_requests (target_id, expires_at)
  WHERE expires_at IS NOT NULL`;

/** The windows of `:target_id` that are not done with, in the order of their ends. */
export const OPEN_WINDOWS = openOf('windows');

/** The requests of `:target_id` that are open, in the order of their ends. */
export const OPEN_REQUESTS = openOf('alert_requests');

/** Takes away the requests of `:target_id` that expire at `:seconds` or before. */
export const EXPIRE = 'DELETE FROM alert_requests WHERE target_id = :target_id AND expires_at <= :seconds';

function openOf(table: string): string {
  return `SELECT * FROM ${table} WHERE target_id = :target_id AND open IS NOT NULL ORDER BY open`;
}

// "window" is a word of SQL.
function quoted(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}
