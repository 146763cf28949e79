import {
  type AlertRequest,
  expiryOf,
  isListed,
  requestId,
  type UnreadableRequest,
} from '../../domain/ledger/request-row.ts';
import { requestFromJson, requestToJson } from '../../domain/ledger/stored-request.ts';
import { sortableText } from '../../domain/time/instant.ts';
import { isOfNewerRelease, wrong } from './row-message.ts';
import type { StoredRequest, StoredRow } from './rows.ts';

export function requestRow(request: AlertRequest): StoredRequest {
  const { targetId, window, state, version, writeId, updatedAt } = request;
  const expiry = expiryOf(request);
  return {
    target_id: targetId,
    request: requestId(request),
    state,
    ...(isListed(request) ? { open: `request/${sortableText(window.end)}` } : {}),
    version,
    write_id: writeId,
    updated_at: updatedAt.toString(),
    ...(expiry ? { expires_at: Math.ceil(expiry.epochMilliseconds / 1000) } : {}),
    record: requestToJson(request),
  };
}

/** What a row says: the request, or that nobody can read it. `row.request` is the id in its name. */
export function requestFromRow(row: StoredRow): AlertRequest | UnreadableRequest {
  try {
    const request = requestFromJson(row.record);
    checkAgrees(request, row);
    return request;
  } catch (cause) {
    const { version } = row;
    const isOld = typeof version === 'number' && !isOfNewerRelease(row.record);
    return {
      state: 'unreadable',
      request: `request/${row['request']}`,
      damage: wrong(cause),
      ...(isOld ? { version } : {}),
    };
  }
}

// Writes go by what stands beside the record: where the two differ, nothing would ever come of the row.
function checkAgrees(request: AlertRequest, row: StoredRow): void {
  const { targetId, version, state } = request;
  const said = { target_id: targetId, request: requestId(request), version, state };
  for (const [column, value] of Object.entries(said))
    if (row[column] !== value) throw new Error(`its ${column} is ${value}, and the row's is ${row[column]}`);
}
