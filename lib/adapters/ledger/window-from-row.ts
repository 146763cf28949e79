import * as z from 'zod/mini';
import { windowFromJson } from '../../domain/ledger/stored-window.ts';
import {
  filtersDigest,
  keyOf,
  type UnreadableRow,
  type WindowKey,
  type WindowRow,
} from '../../domain/ledger/window-row.ts';
import { sortableText } from '../../domain/time/instant.ts';
import { isOfNewerRelease, parsedJson, unreadable, wrong } from './row-message.ts';
import type { StoredRow } from './rows.ts';
import { isStoredDigest, isStoredTime, isWindowState } from './window-entry.ts';
import { rowKey } from './window-row.ts';

/**
 * The record of the window that was asked for by `key`. A window can be exported again, so a row that is damaged holds up
 * nothing else. Throws for one of a newer release, and for one without a version, which cannot be written over.
 */
export function windowFromRow(action: string, key: WindowKey, row: StoredRow): WindowRow | UnreadableRow {
  const { version, attempt } = row;
  try {
    const record = windowFromJson(row.record);
    checkAgrees(record, key, row);
    return record;
  } catch (cause) {
    if (typeof version !== 'number' || isOfNewerRelease(row.record)) throw unreadable(action, cause);
    const atMost = { attempt: attemptOf(attempt, row.record) ?? version };
    return { state: 'unreadable', version, ...atMost, damage: wrong(cause) };
  }
}

// Writes go by what stands beside the record, and so do listings: where the two differ, nothing would ever come of the row.
function checkAgrees(record: WindowRow, key: WindowKey, row: StoredRow): void {
  const { target_id, window } = rowKey(keyOf(record));
  const asked = rowKey(key);
  if (target_id !== asked.target_id || window !== asked.window)
    throw new Error(`it is the record of ${window} of target ${target_id}`);
  if (record.version !== row['version'])
    throw new Error(`its version is ${record.version}, and the row's is ${row['version']}`);
  for (const [column, { said, isReadable }] of Object.entries(besides(record)))
    if (isReadable(row[column]) && row[column] !== said)
      throw new Error(`its ${column} is ${said}, and the row's is ${row[column]}`);
}

// What cannot be read is no other truth: a listing tells of it, and the record is written again as it is.
function besides({ state, window, filters }: WindowRow) {
  return {
    state: { said: state, isReadable: isWindowState },
    window_start: { said: sortableText(window.start), isReadable: isStoredTime },
    window_end: { said: sortableText(window.end), isReadable: isStoredTime },
    filters_digest: { said: filtersDigest(filters), isReadable: isStoredDigest },
  };
}

// Where nothing says it, the version is no less: each attempt is written, and another must not have an id that was sent.
function attemptOf(stored: unknown, record: string): number | undefined {
  const inRow = z.looseObject({ attempt: z.int() }).safeParse(parsedJson(record)).data?.attempt;
  return typeof stored === 'number' ? stored : inRow;
}
