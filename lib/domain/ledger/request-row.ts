import { createHash } from 'node:crypto';
import type { Filters } from '../input/filters.ts';
import type { Instant } from '../time/instant.ts';
import type { Span } from '../time/spans.ts';
import { sortedFilters } from './window-row.ts';

/**
 * What one alert asks of one target: the logins of a window, narrowed by filters. It is a row of its own, and the evidence
 * of what was exported because of the alert. All but `state`, `lost`, `tasks`, `exhausted` and
 * `shownUntil` stays as it came.
 */
export type AlertRequest = {
  targetId: string;
  /** Whose it is, and what it is about, in the words of who raised the alert. */
  alertId: string;
  source: string;
  types: readonly string[];
  /** As asked for: it may begin before the oldest that Huawei still exports, and end after the request arrived. */
  window: Span;
  /** Until when the activity was seen that the alert is about. */
  seenUntil: Instant;
  filters: Filters;
  arrivedAt: Instant;
  /** `open` until all of the window is exported or lost; `lost` where nothing of it was exported. */
  state: 'open' | 'served' | 'lost';
  /** What of the window was told as lost. */
  lost: readonly Span[];
  /** The ids of the export tasks that served it, at most `MOST_TASKS`. */
  tasks: readonly string[];
  /** Of what it was told that every task that was allowed has failed, and how many that were. */
  exhausted?: { attempts: number; spans: readonly Span[] };
  /** Of one that is closed with a loss: until when it stays among the open rows, so that `status` shows the loss. */
  shownUntil?: Instant;
  /** `version` counts the writes of the row and fences them, as for windows; `writeId` names a write. */
  version: number;
  writeId: string;
  updatedAt: Instant;
};

/** What was asked, and never changes. */
export type AskedRequest = Pick<
  AlertRequest,
  'targetId' | 'alertId' | 'source' | 'types' | 'window' | 'seenUntil' | 'filters' | 'arrivedAt'
>;

/** A request's row that is there and cannot be read. What was asked for is not known, unless its alert comes again. */
export type UnreadableRequest = {
  state: 'unreadable';
  /** The name of the row: `request/<id>`. */
  request: string;
  /** What is wrong with it. */
  damage: string;
  /** Of its last write, where that much can be read, and no newer release wrote it: on top of it the row may be written anew. */
  version?: number;
};

/** Evidence enough, and a row of any request stays far below the 400 KB of an item in DynamoDB. */
export const MOST_TASKS = 100;

/**
 * The same alert, window and filters are the same request: 32 hexadecimal digits, because an alert's id may be of any
 * length. The order in which filters were written does not matter.
 */
export function requestId({
  alertId,
  window,
  filters,
}: Pick<AlertRequest, 'alertId' | 'window' | 'filters'>): string {
  const asked = [alertId, window.start.toString(), window.end.toString(), sortedFilters(filters)];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 32);
}

/** Whether a later run must still see a request: it is open, or its loss is to be shown. */
export function isListed({ state, shownUntil }: AlertRequest): boolean {
  return state === 'open' || shownUntil !== undefined;
}

/** From when on a request need not be kept any more: 400 days after it was last written. Undefined while it is open. */
export function expiryOf({ state, updatedAt }: AlertRequest): Instant | undefined {
  return state === 'open' ? undefined : updatedAt.add(KEPT);
}

const KEPT = { hours: 400 * 24 };
