import { $ZodError } from 'zod/v4/core';
import { InfrastructureError } from '../../domain/errors.ts';
import { faultsOf } from '../../domain/faults.ts';
import type { Instant } from '../../domain/instant.ts';
import { recordFromJson, recordToJson } from '../../domain/stored-record.ts';
import { filtersDigest, type WindowKey, type WindowRecord } from '../../domain/window-record.ts';

/** A row of the ledger, the same in every home of it: `record` is the truth, the rest is for keys and conditions. */
export type WindowRow = RowKey & {
  state: string;
  version: number;
  write_id: string;
  updated_at: string;
  record: string;
};

/** `window` is `<start>/<end>/<digest of the filters>`, of fixed width so that it sorts by start as text. */
export type RowKey = { target_id: string; window: string };

export function rowKey({ targetId, window, filters }: WindowKey): RowKey {
  const name = [sortable(window.start), sortable(window.end), filtersDigest(filters)].join('/');
  return { target_id: targetId, window: name };
}

export function rowOf(record: WindowRecord): WindowRow {
  return {
    ...rowKey(record),
    state: record.state,
    version: record.version,
    write_id: record.writeId,
    updated_at: record.updatedAt.toString(),
    record: recordToJson(record),
  };
}

/** The record in a row's JSON; `action` opens the `InfrastructureError` about one that nobody can read. */
export function readRow(json: string, action: string): WindowRecord {
  try {
    return recordFromJson(json);
  } catch (cause) {
    throw new InfrastructureError(
      `Could not ${action}: the row is there but cannot be read: ${wrong(cause)}`,
      {
        cause,
      },
    );
  }
}

/** How a window is called in errors. */
export function nameOf({ targetId, window }: WindowKey): string {
  return `window ${window.start}/${window.end} of target ${targetId}`;
}

// "…:00.5Z" would sort before "…:00Z", and a range that begins at the second would miss it.
function sortable(at: Instant): string {
  return at.toString({ fractionalSecondDigits: 9 });
}

function wrong(cause: unknown): string {
  if (!(cause instanceof $ZodError)) return String(cause);
  return faultsOf(cause)
    .map(({ path, problem }) => `${path} ${problem}`)
    .join('; ');
}
