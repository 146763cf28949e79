import { createHash } from 'node:crypto';
import type { Filters } from '../input/filters.ts';
import type { Instant } from '../time/instant.ts';
import type { Span } from '../time/spans.ts';
import { sortedFilters } from './window-row.ts';

/**
 * What one alert asks of one target: the logins of a window, narrowed by filters. The row is also the evidence of what was
 * exported for the alert. Only `state`, `lost`, `tasks`, `exhausted` and `shownUntil` ever change.
 */
export type AlertRequest = {
  targetId: string;
  /** The alert: its id, source and types. */
  alertId: string;
  source: string;
  types: readonly string[];
  /** As the alert asks for it: it may begin before the retention cutoff, and end after the request arrived. */
  window: Span;
  /** The end of the activity that the alert is about. */
  seenUntil: Instant;
  filters: Filters;
  arrivedAt: Instant;
  /** `open` until the whole window is exported or lost; `lost` where no part of it was exported. */
  state: 'open' | 'served' | 'lost';
  /** The parts of the window that were reported as lost. */
  lost: readonly Span[];
  /** The ids of the export tasks that served it, at most `MOST_TASK_IDS`. */
  tasks: readonly string[];
  /** The parts that were reported as exhausted, and after how many attempts. */
  exhausted?: { attempts: number; spans: readonly Span[] };
  /** For a closed request with a loss: until when it stays among the open rows, so that `status` shows the loss. */
  shownUntil?: Instant;
  /** `version` counts the writes of the row and fences them, as for windows; `writeId` names a write. */
  version: number;
  writeId: string;
  updatedAt: Instant;
};

/** What was asked for. It never changes. */
export type RequestTerms = Pick<
  AlertRequest,
  'targetId' | 'alertId' | 'source' | 'types' | 'window' | 'seenUntil' | 'filters' | 'arrivedAt'
>;

/** A request whose row cannot be read. What was asked for is not known, unless the alert comes again. */
export type UnreadableRequest = {
  state: 'unreadable';
  /** The name of the row: `request/<id>`. */
  request: string;
  /** What is wrong with it. */
  damage: string;
  /** The version to write on top of; absent where it cannot be read, or where a newer release wrote the row. */
  version?: number;
};

/** Enough evidence, and the row stays far below the 400 KB of an item in DynamoDB. */
export const MOST_TASK_IDS = 100;

/**
 * The same alert, window and filters give the same id. It has 32 hexadecimal digits, because an alert's id may be of any
 * length. The order of the filters does not matter.
 */
export function requestId({
  alertId,
  window,
  filters,
}: Pick<AlertRequest, 'alertId' | 'window' | 'filters'>): string {
  const terms = [alertId, window.start.toString(), window.end.toString(), sortedFilters(filters)];
  return createHash('sha256').update(JSON.stringify(terms)).digest('hex').slice(0, 32);
}

/** Whether a later run must still see a request: it is open, or its loss is to be shown. */
export function isListed({ state, shownUntil }: AlertRequest): boolean {
  return state === 'open' || shownUntil !== undefined;
}

/** When a request may be deleted: 400 days after its last write. Undefined while it is open. */
export function expiryOf({ state, updatedAt }: AlertRequest): Instant | undefined {
  return state === 'open' ? undefined : updatedAt.add(KEPT);
}

const KEPT = { hours: 400 * 24 };
