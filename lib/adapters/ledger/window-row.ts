import { windowToJson } from '../../domain/ledger/stored-window.ts';
import { entryOf, isOpen, numberOf, type WindowKey, type WindowRow } from '../../domain/ledger/window-row.ts';
import { sortableText } from '../../domain/time/instant.ts';
import type { RowKey, StoredWindow } from './rows.ts';

export function rowKey({ targetId, window, filtersDigest, series }: WindowKey): RowKey {
  if (numberOf(series) !== undefined) return { target_id: targetId, window: series };
  const name = [sortableText(window.start), sortableText(window.end), filtersDigest];
  return { target_id: targetId, window: name.join('/') };
}

export function windowRow(record: WindowRow): StoredWindow {
  const entry = entryOf(record);
  const { state, reason, attempt, orphans, leaseUntil, taskId, failureKind } = entry;
  const { failedAt, orderedAt, publishedAt } = entry;
  return {
    ...rowKey(entry),
    window_start: sortableText(entry.window.start),
    window_end: sortableText(entry.window.end),
    filters_digest: entry.filtersDigest,
    ...{ state, reason, attempt, orphans },
    ...(leaseUntil ? { lease_until: sortableText(leaseUntil) } : {}),
    ...(taskId ? { task_id: taskId } : {}),
    ...(failureKind ? { failure_kind: failureKind } : {}),
    ...(failedAt ? { failed_at: sortableText(failedAt) } : {}),
    ...(orderedAt ? { ordered_at: sortableText(orderedAt) } : {}),
    ...(publishedAt ? { published_at: sortableText(publishedAt) } : {}),
    ...(isOpen(record) ? { open: `window/${sortableText(entry.window.end)}` } : {}),
    version: record.version,
    write_id: record.writeId,
    updated_at: record.updatedAt.toString(),
    record: windowToJson(record),
  };
}
