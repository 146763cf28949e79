import { Temporal } from 'temporal-polyfill';
import * as z from 'zod/mini';
import { reason } from '../../domain/exports/message.ts';
import { camelCased } from '../../domain/ledger/codec.ts';
import { type Instant, sortableInstant, sortableText } from '../../domain/time/instant.ts';

/** A row of a ledger, the same in every store: `document` is the truth, the other columns are for conditions and people. */
export type Row = TargetKey & { version: number; write_id: string; updated_at: string; document: string };

export type TargetKey = { target_id: string };

/**
 * `window` is `<start>/<end>/<digest of the filters>`, of fixed width so that it sorts by start as text. Of an export for
 * alerts it is `alert/<number>`.
 */
export type RowKey = TargetKey & { window: string };

const STATES = ['claimed', 'submitted', 'published', 'confirmed', 'failed', 'lost'] as const;

const text = z.string('text');
const wholeNumber = z.int('a whole number');

/** A time as text that sorts like it. The messages here complete "its lease_until is null and must be". */
const sortableTime = z.codec(z.string('text'), z.instanceof(Temporal.Instant), {
  decode: (value, context) => {
    const time = storedTime(value);
    if (time) return time;
    context.issues.push({ code: 'custom', input: value, message: 'a time' });
    return z.NEVER;
  },
  encode: sortableText,
});

/** The time that sortable text means; undefined where it means none. */
export function storedTime(text: string): Instant | undefined {
  try {
    return sortableInstant(text);
  } catch {
    return undefined;
  }
}

const details = z.object({
  state: z.enum(STATES, STATES.join(', ')),
  reason: z.enum(reason.options, reason.options.join(', ')),
  attempt: wholeNumber,
  orphans: wholeNumber,
  lease_until: z.exactOptional(sortableTime),
  task_id: z.exactOptional(text),
  failure_kind: z.exactOptional(text),
  failed_at: z.exactOptional(sortableTime),
  ordered_at: z.exactOptional(sortableTime),
  published_at: z.exactOptional(sortableTime),
});

/** The columns that identify a window. */
export const windowColumn = {
  state: details.shape.state,
  window_start: sortableTime,
  window_end: sortableTime,
  filters_digest: z.string().check(z.regex(/^[0-9a-f]{16}$/)),
};

/** What a listing shows of a window besides its name, in the columns beside the document. */
export const entryDetails = camelCased(details);

/** A window's row. What listings show is in columns beside the document, so that listings need not read the document. */
export type StoredWindow = RowKey &
  Row &
  z.input<typeof entryDetails> & {
    window_start: string;
    /** Listings are in its order. */
    window_end: string;
    filters_digest: string;
    /** Of a row that a later run must still see: `window/<end>` or `request/<end>`, and `target` for that of a target. */
    open?: string;
  };

/** `request` is the id of the request, see `requestId`; DynamoDB's name of the row is `request/<id>`. */
export type RequestKey = TargetKey & { request: string };

/** A stored request, with the same common columns. */
export type StoredRequest = RequestKey &
  Row & {
    state: string;
    open?: string;
    /** From when on it is taken away, in seconds since 1970; absent while the request is open. */
    expires_at?: number;
  };

/** What a listing reads of a window's row. */
export const ENTRY_COLUMNS = [
  'window',
  'window_start',
  'window_end',
  'filters_digest',
  ...z.keyof(details).options,
] as const satisfies (keyof StoredWindow)[];

/** Those columns as a store gives them, unchecked. */
export type EntryRow = Readonly<Record<string, unknown>>;

/**
 * Where rows of one kind are kept. Who may write version n of a row, over the time of two runs A and B:
 *
 *     no row ──A──► 1 ──A──► 2 ──B (A's lease is over)──► 3      A, awake again, writes 3: refused, stays with B's 3
 *            ▲        ▲  ▲
 *            │        │  └ A's write of 2 again, because the reply got lost: WRITTEN_BY_US, nothing changes
 *            │        └ a write of 2: ON_PREVIOUS_VERSION
 *            └ a write of 1: there must be no row yet; a second one finds the row and is refused
 */
export type RowTable<Key, Kind extends Row> = {
  /** What is stored of a row, or undefined where there is no such row. */
  read(key: Key): Eventually<StoredRow | undefined>;
  /** False when the row has changed under the writer. */
  write(row: Kind): Eventually<boolean>;
};

/** A row as a store gives it, unchecked: the document, and the columns beside it. */
export type StoredRow = EntryRow & { document: string };

/** Where requests are kept. */
export type RequestTable = RowTable<RequestKey, StoredRequest> & {
  /** Writes a first version. Where a row is there already: that row, or false if the store does not return it. */
  put(row: StoredRequest): Eventually<true | StoredRow | false>;
  /** Takes away the target's requests that expire at `seconds` (since 1970) or before. */
  expire(targetId: string, seconds: number): Eventually<void>;
};

/** A target's rows that have `open`, each list sorted by `open`. */
export type StoredOpen = {
  target?: StoredRow | undefined;
  windows: EntryRow[];
  requests: StoredRow[];
};

/** Where a ledger's rows are. All of it may throw what the SDK or the database throws. */
export type Rows = {
  windows: RowTable<RowKey, StoredWindow>;
  targets: RowTable<TargetKey, Row>;
  /** The windows of a target with an end after `after` (written as in the rows), in the order of their ends. */
  entries(targetId: string, after: string): Eventually<EntryRow[]>;
  requests: RequestTable;
  open(targetId: string): Eventually<StoredOpen>;
  /** The target's exports for alerts in pages, the highest number first. */
  numbered(targetId: string): Iterable<EntryRow[]> | AsyncIterable<EntryRow[]>;
};

type Eventually<Value> = Value | Promise<Value>;
