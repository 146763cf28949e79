import * as z from 'zod/mini';
import { type AlertRequest, expiryOf, isListed, requestId } from '../../domain/ledger/request-row.ts';
import { requestCodec, targetCodec, windowCodec } from '../../domain/ledger/stored-rows.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { entryOf, isOpen, numberOf, type WindowKey, type WindowRow } from '../../domain/ledger/window-row.ts';
import { sortableText } from '../../domain/time/instant.ts';
import { entryDetails, type Row, type RowKey, type StoredRequest, type StoredWindow } from './rows.ts';

/** The name of a window's row. */
export function rowKey({ targetId, window, filtersDigest, series }: WindowKey): RowKey {
  if (numberOf(series) !== undefined) return { target_id: targetId, window: series };
  const name = [sortableText(window.start), sortableText(window.end), filtersDigest];
  return { target_id: targetId, window: name.join('/') };
}

/** All columns of a window's row. */
export function windowColumns(row: WindowRow): StoredWindow {
  const entry = entryOf(row);
  const windowEnd = sortableText(entry.window.end);
  return {
    ...rowKey(entry),
    window_start: sortableText(entry.window.start),
    window_end: windowEnd,
    filters_digest: entry.filtersDigest,
    ...z.encode(entryDetails, { ...entry, state: row.state }),
    ...(isOpen(row) ? { open: `window/${windowEnd}` } : {}),
    ...commonColumns(row, windowCodec.toJson(row)),
  };
}

/** All columns of a target's row. */
export function targetColumns(row: TargetRow): Row {
  return commonColumns(row, targetCodec.toJson(row));
}

/** All columns of a request's row. */
export function requestColumns(request: AlertRequest): StoredRequest {
  const expiry = expiryOf(request);
  return {
    request: requestId(request),
    state: request.state,
    ...(isListed(request) ? { open: `request/${sortableText(request.window.end)}` } : {}),
    ...(expiry ? { expires_at: Math.ceil(expiry.epochMilliseconds / 1000) } : {}),
    ...commonColumns(request, requestCodec.toJson(request)),
  };
}

type Versioned = Pick<TargetRow, 'targetId' | 'version' | 'writeId' | 'updatedAt'>;

function commonColumns({ targetId, version, writeId, updatedAt }: Versioned, document: string): Row {
  return { target_id: targetId, version, write_id: writeId, updated_at: updatedAt.toString(), document };
}
