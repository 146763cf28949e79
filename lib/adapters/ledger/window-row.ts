import { SORTABLE_LENGTH, sortableText } from '../../domain/sortable-instant.ts';
import { recordToJson } from '../../domain/stored-record.ts';
import { entryOf, keyOf, type WindowKey, type WindowRecord } from '../../domain/window-record.ts';
import type { RowKey, WindowRow } from './rows.ts';

export function rowKey({ targetId, window, filtersDigest, series }: WindowKey): RowKey {
  const name = [sortableText(window.start), sortableText(window.end), filtersDigest];
  return { target_id: targetId, window: [...name, ...(series === 'calendar' ? [] : [series])].join('/') };
}

export function windowRow(record: WindowRecord): WindowRow {
  const { state, reason, attempt, orphans, leaseUntil, taskId, failureKind } = entryOf(record);
  return {
    ...rowKey(keyOf(record)),
    window_end: sortableText(record.window.end),
    ...{ state, reason, attempt, orphans },
    ...(leaseUntil ? { lease_until: sortableText(leaseUntil) } : {}),
    ...(taskId ? { task_id: taskId } : {}),
    ...(failureKind ? { failure_kind: failureKind } : {}),
    version: record.version,
    write_id: record.writeId,
    updated_at: record.updatedAt.toString(),
    record: recordToJson(record),
  };
}

/** Where the end of a window stands in the name of its row, counted from 1, and how long it is. */
export const END_IN_NAME = { from: SORTABLE_LENGTH + '/'.length + 1, length: SORTABLE_LENGTH };
