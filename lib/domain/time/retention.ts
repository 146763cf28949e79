import { Temporal } from 'temporal-polyfill';
import { ExportError } from '../errors.ts';
import type { Instant } from './instant.ts';

/** How long Huawei keeps login records (API definition WorkspaceApp/ExportUserConnection, 2026-02-06): 30 days. */
export const RETENTION = Temporal.Duration.from({ hours: 30 * 24 });

// The call may be repeated for some minutes, and what is older than 30 days by then would be refused.
const EDGE_MARGIN = { minutes: 5 };

/**
 * The oldest login time that is still asked for: the retention cutoff and a margin for the call itself, rounded up to a
 * whole minute, so that two runs at the same moment cut a window at the same place.
 */
export function oldestExportable(now: Instant): Instant {
  return now.subtract(RETENTION).add(EDGE_MARGIN).round({ smallestUnit: 'minute', roundingMode: 'ceil' });
}

/** When the first second of what begins at `start` can no longer be exported. */
export function deadlineOf(start: Instant): Instant {
  return start.add(RETENTION);
}

/**
 * Huawei's task list answers and has not said for a day how an export ended: look whether its file was fetched, while Huawei
 * still has the records.
 */
export class UnconfirmedError extends ExportError {
  static override readonly name = 'UnconfirmedError';
  override readonly name = 'UnconfirmedError';
  readonly kind = UNCONFIRMED;
}

/** The kind of `UnconfirmedError`; the ledger knows by it that it was told. */
export const UNCONFIRMED = 'unconfirmed';
