import { InfrastructureError } from '../../domain/errors.ts';
import type { AlertRequest, UnreadableRequest } from '../../domain/ledger/request-row.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { numberOf, type WindowEntry, type WindowKey } from '../../domain/ledger/window-row.ts';
import { type Instant, isAfter, sortableText } from '../../domain/time/instant.ts';
import type { Ledger } from '../../ports.ts';
import { wrapErrors } from '../errors.ts';
import { requestColumns, rowKey, targetColumns, windowColumns } from './columns.ts';
import { isOfNewerRelease, requestFromRow, targetFromRow, windowFromRow } from './read-row.ts';
import type { EntryRow, Rows, StoredRow } from './rows.ts';
import { entryFromRow } from './window-entry.ts';

/** The ledger whose rows are `rows`. `place` is what errors call it, such as `the ledger table windows`. */
export function ledgerOf(rows: Rows, place: string): Ledger {
  const { windows, targets, entries, requests } = rows;
  const readTarget = (targetId: string) => `read target ${targetId} from ${place}`;
  return {
    find(key) {
      const action = `read ${windowName(key, numberOf(key.series))} from ${place}`;
      return wrapErrors(action, async () => {
        const row = await windows.read(rowKey(key));
        return row && windowFromRow(action, key, row);
      });
    },
    save(row) {
      const action = `write ${windowName(row, row.alertExport?.number)} to ${place}`;
      return wrapErrors(action, () => windows.write(windowColumns(row)));
    },
    list(targetId, after) {
      const action = `read the windows of target ${targetId} from ${place}`;
      return wrapErrors(action, async () => {
        const rows = await entries(targetId, sortableText(after));
        return rows.map((row) => entryFromRow(targetId, row));
      });
    },
    listOpen(targetId) {
      return wrapErrors(`read what is open of target ${targetId} from ${place}`, async () => {
        const open = await rows.open(targetId);
        return {
          target: open.target && targetOrError(readTarget(targetId), open.target),
          windows: open.windows.map((row) => entryFromRow(targetId, row)),
          requests: open.requests.map(requestFromRow),
        };
      });
    },
    newestExports(targetId, since) {
      const action = `read the newest exports for alerts of target ${targetId} from ${place}`;
      return wrapErrors(action, () => newestOf(targetId, since, rows.numbered(targetId)));
    },
    findTarget(targetId) {
      const action = readTarget(targetId);
      return wrapErrors(action, async () => {
        const row = await targets.read({ target_id: targetId });
        return row && targetFromRow(action, row);
      });
    },
    saveTarget(row) {
      const columns = targetColumns(row);
      return wrapErrors(`write target ${row.targetId} to ${place}`, () => targets.write(columns));
    },
    putRequest(request) {
      return wrapErrors(`write ${requestName(request)} to ${place}`, async () => {
        const first = { ...request, version: 1 };
        const row = requestColumns(first);
        const put = await requests.put(row);
        return put === true ? first : storedRequest(put || (await requests.read(row)));
      });
    },
    saveRequest(request) {
      const action = `write ${requestName(request)} to ${place}`;
      return wrapErrors(action, () => requests.write(requestColumns(request)));
    },
    expireRequests(targetId, now) {
      const action = `take away the expired requests of target ${targetId} from ${place}`;
      return wrapErrors(action, () => requests.expire(targetId, Math.floor(now.epochMilliseconds / 1000)));
    },
  };
}

// Of an export for alerts whose columns are damaged, the number is all that is known.
function windowName({ targetId, window }: Pick<WindowKey, 'targetId' | 'window'>, number?: number): string {
  const named = number === undefined ? `window ${window.start}/${window.end}` : `export ${number} for alerts`;
  return `${named} of target ${targetId}`;
}

function requestName({ targetId, alertId }: AlertRequest): string {
  return `the request of alert ${alertId} to target ${targetId}`;
}

function storedRequest(row: StoredRow | undefined): AlertRequest | UnreadableRequest {
  if (!row) throw new Error('its row was listed, and is missing now');
  if (isOfNewerRelease(row)) throw new Error('a newer release wrote its row');
  return requestFromRow(row);
}

// The requests of a target must be served although its own row cannot be read.
function targetOrError(action: string, row: StoredRow): TargetRow | InfrastructureError {
  try {
    return targetFromRow(action, row);
  } catch (error) {
    if (error instanceof InfrastructureError) return error;
    throw error;
  }
}

async function newestOf(
  targetId: string,
  since: Instant,
  pages: Iterable<EntryRow[]> | AsyncIterable<EntryRow[]>,
): Promise<WindowEntry[]> {
  const newest: WindowEntry[] = [];
  for await (const page of pages) {
    const entries = page.map((row) => entryFromRow(targetId, row));
    const last = entries.findIndex((entry) => isOrderedBy(entry, since));
    if (last >= 0) return [...newest, ...entries.slice(0, last + 1)];
    newest.push(...entries);
  }
  return newest;
}

function isOrderedBy({ state, orderedAt }: WindowEntry, since: Instant): boolean {
  return state !== 'unreadable' && orderedAt !== undefined && !isAfter(orderedAt, since);
}
