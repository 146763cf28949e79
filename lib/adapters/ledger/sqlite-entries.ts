import { ENTRY_COLUMNS } from './rows.ts';
import { END_IN_NAME } from './window-row.ts';

const END = `substr("window", ${END_IN_NAME.from}, ${END_IN_NAME.length})`;

/** What a listing shows, as expressions over a row; the table has no columns for most of it. */
const SHOWN: Record<(typeof ENTRY_COLUMNS)[number], string> = {
  window: '"window"',
  state: 'state',
  reason: inRecord('$.reason'),
  attempt: inRecord('$.attempt'),
  orphans: `coalesce(${inRecord('$.orphans')}, 0)`,
  lease_until: inRecord('$.lease_until'),
  task_id: inRecord('$.message.data.task_id'),
  failure_kind: inRecord('$.failure.kind'),
};

/**
 * Holds all that a listing shows, computed when a row is written, so that listings touch neither rows nor JSON.
 * The expressions must be the same, to the letter, in index and query.
 */
export const ENTRIES_INDEX = `
  CREATE INDEX IF NOT EXISTS windows_by_end ON windows (target_id, ${END}, ${Object.values(SHOWN).join(', ')})`;

/** The entries of `:target_id` with an end after `:after`, in the order of their ends. */
export const ENTRIES_AFTER = `
  SELECT ${ENTRY_COLUMNS.map((column) => `${SHOWN[column]} AS "${column}"`).join(', ')}
  FROM windows WHERE target_id = :target_id AND ${END} > :after ORDER BY ${END}`;

// A record that is no JSON must not keep its row, or the whole file, from being written.
function inRecord(path: string): string {
  return `iif(json_valid(record), json_extract(record, '${path}'), NULL)`;
}
