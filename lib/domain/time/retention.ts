import { Temporal } from 'temporal-polyfill';
import type { Instant } from './instant.ts';

/** How long Huawei keeps login records (API definition WorkspaceApp/ExportUserConnection, 2026-02-06): 30 days. */
export const RETENTION = Temporal.Duration.from({ hours: 30 * 24 });

// A call may be repeated for some minutes. Records that are older than 30 days by then would be refused.
const CUTOFF_MARGIN = { minutes: 5 };

/**
 * The oldest login time that a run still asks for: the retention cutoff with a margin for the call, rounded up to a whole
 * minute, so that two runs at the same moment cut a window at the same place.
 */
export function oldestExportable(now: Instant): Instant {
  return now.subtract(RETENTION).add(CUTOFF_MARGIN).round({ smallestUnit: 'minute', roundingMode: 'ceil' });
}

/** When the first second of a window that begins at `start` can no longer be exported. */
export function deadlineOf(start: Instant): Instant {
  return start.add(RETENTION);
}
