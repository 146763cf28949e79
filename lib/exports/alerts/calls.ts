import type { Alert } from '../../domain/alert.ts';
import { earlier, type Instant, isBefore, later } from '../../domain/instant.ts';
import { oldestExportable } from '../../domain/retention.ts';
import type { AlertDemand } from './matching.ts';
import type { AlertCall } from './take-in.ts';

// The record of the last sight lies at that moment, and spans end before their end.
const LAST_SIGHT = { seconds: 1 };

/** What a demand asks for, cut at the retention edge; undefined when Huawei has nothing of it any more. */
export function callOf(
  { alert, window, filters }: AlertDemand,
  { arrivedAt, now }: { arrivedAt: Instant; now: Instant },
): AlertCall | undefined {
  const start = later(window.start, oldestExportable(now));
  if (!isBefore(start, window.end)) return undefined;
  return {
    alertId: alert.id,
    arrivedAt: earlier(arrivedAt, now),
    window: { start, end: window.end },
    seenUntil: seenUntil(alert),
    filters,
  };
}

function seenUntil({ lastSeen }: Alert): Instant {
  return lastSeen.add(LAST_SIGHT);
}
