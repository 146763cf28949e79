import type { Filters } from './filters.ts';
import type { Instant } from './instant.ts';
import type { Span } from './span.ts';
import type { ServedAlerts } from './task-submitted.ts';

/**
 * One export for alerts. While it is not issued it may still grow, or be folded into another; once issued, its window
 * and filters name a row of the alert series, which says how far it has come.
 */
export type AlertOrder = {
  window: Span;
  filters: Filters;
  /** From when on it is to be exported. */
  dueAt: Instant;
  /** How long later alerts may put it off. */
  putOffUntil: Instant;
  /** When it took a place among the exports of its hour; its row is in the ledger from then on, or is to be. */
  issuedAt?: Instant;
  alerts: ServedAlerts;
};

/** All that is ordered for a target's alerts and not over yet. `version` and `writeId` fence writes as for windows. */
export type AlertBook = {
  targetId: string;
  orders: readonly AlertOrder[];
  /** When exports took their places, as far back as counts for the cap. */
  places: readonly Instant[];
  /** When the service is woken up next for what is not due yet. */
  alarmAt?: Instant;
  version: number;
  writeId: string;
  updatedAt: Instant;
};

/** What came of one alert for one target: evidence of what was exported because of it. */
export type AlertRecord = {
  targetId: string;
  alertId: string;
  source: string;
  types: readonly string[];
  /** What was to be exported because of it, as it was last told of. */
  asked: readonly { window: Span; filters: Filters }[];
  /** Tasks that covered part of it already when it came. */
  tasks: readonly string[];
  version: number;
  writeId: string;
  updatedAt: Instant;
};
