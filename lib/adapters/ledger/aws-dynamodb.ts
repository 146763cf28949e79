import type { Ledger } from '../../ports.ts';
import { dynamoDbTable, type Query, storedRow, type TableOptions } from './dynamodb-table.ts';
import { ledgerOf } from './row-ledger.ts';
import {
  ENTRY_COLUMNS,
  type EntryRow,
  type RequestKey,
  type Row,
  type Rows,
  type StoredOpen,
  type StoredRequest,
  type StoredRow,
  type TargetKey,
} from './rows.ts';

/** The ledger in a DynamoDB table. The SDK is loaded at the first call. */
export function createDynamoDbLedger(options: TableOptions): Ledger {
  const { read, write, writeOrGet, pages } = dynamoDbTable(options);
  const all = async (query: Query) => {
    const found: EntryRow[][] = [];
    for await (const page of pages(query)) found.push(page);
    return found.flat();
  };
  const named = (name: { window: string; open?: string }) => ({
    read: (key: TargetKey) => read({ ...key, ...name }),
    write: (row: Row) => write({ ...row, ...name }),
  });
  const rows: Rows = {
    windows: { read, write },
    targets: named(TARGET_ROW),
    requests: {
      read: async (key) => {
        const row = await read(requestKey(key));
        return row && asRequest(row);
      },
      write: (row) => write(requestItem(row)),
      put: async (row) => {
        const found = await writeOrGet(requestItem(row));
        return typeof found === 'boolean' ? found : asRequest(found);
      },
      // DynamoDB does so by itself, by `expires_at`.
      expire: () => undefined,
    },
    entries: (targetId, after) => all(entriesQuery(targetId, after)),
    open: async (targetId) => openOf(await all(openQuery(targetId))),
    numbered: (targetId) => pages(numberedQuery(targetId)),
  };
  return ledgerOf(rows, `the ledger table ${options.table}`);
}

/** The windows of a target that end after `after`, in the order of their ends. */
function entriesQuery(targetId: string, after: string): Query {
  return {
    ...SHOWN,
    IndexName: 'by_end',
    ConsistentRead: true,
    KeyConditionExpression: 'target_id = :target_id AND window_end > :after',
    ExpressionAttributeValues: { ':target_id': { S: targetId }, ':after': { S: after } },
  };
}

/** Every row of a target that has an `open`, whole. */
function openQuery(targetId: string): Query {
  return {
    IndexName: 'open',
    ConsistentRead: true,
    KeyConditionExpression: 'target_id = :target_id',
    ExpressionAttributeValues: { ':target_id': { S: targetId } },
  };
}

/** The exports for alerts of a target, the highest number first, in pages of about two hours at a common cap. */
function numberedQuery(targetId: string): Query {
  return {
    ...SHOWN,
    ConsistentRead: true,
    KeyConditionExpression: 'target_id = :target_id AND begins_with(#window, :alert)',
    ExpressionAttributeValues: { ':target_id': { S: targetId }, ':alert': { S: 'alert/' } },
    ScanIndexForward: false,
    Limit: 25,
  };
}

const SHOWN = {
  ProjectionExpression: ENTRY_COLUMNS.map((column) => `#${column}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(ENTRY_COLUMNS.map((column) => [`#${column}`, column])),
};

/**
 * Rows that are no window's: no name of a window looks like these, and without a `window_end` no listing by end shows
 * them. `open` is the key of the index of that name.
 */
const TARGET_ROW = { window: 'target', open: 'target' };
const REQUEST = 'request/';

function requestKey({ target_id, request }: RequestKey) {
  return { target_id, window: `${REQUEST}${request}` };
}

function requestItem({ request, ...row }: StoredRequest) {
  return { ...row, ...requestKey({ target_id: row.target_id, request }) };
}

function asRequest(row: StoredRow): StoredRow {
  return { ...row, request: String(row['window']).slice(REQUEST.length) };
}

function openOf(rows: readonly EntryRow[]): StoredOpen {
  const { target, requests, windows } = Object.groupBy(rows, kindOf);
  return {
    target: target?.[0] && storedRow(target[0]),
    windows: windows ?? [],
    requests: (requests ?? []).map((row) => asRequest(storedRow(row))),
  };
}

// A row under a name that nobody knows is shown as a window's, which cannot be read.
function kindOf({ window }: EntryRow): keyof StoredOpen {
  if (window === TARGET_ROW.window) return 'target';
  return String(window).startsWith(REQUEST) ? 'requests' : 'windows';
}
