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

// "window" is a word of SQL.
function quoted(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}
