import { type AskedRequest, requestId } from '../../../domain/alert-request.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { AlertDemand } from '../matching.ts';

/** What alerts ask of a target, as requests; what is asked twice is one. */
export function askedRequests(demands: readonly AlertDemand[], arrivedAt: Instant): AskedRequest[] {
  const asked = demands.map(({ alert, target, window, filters }) => ({
    targetId: target.id,
    alertId: alert.id,
    source: alert.source,
    types: alert.types,
    window,
    seenUntil: alert.lastSeen.add(LAST_SIGHT),
    filters,
    arrivedAt,
  }));
  return [...new Map(asked.map((one) => [requestId(one), one])).values()];
}

// The record of the last sight lies at that moment, and spans end before their end.
const LAST_SIGHT = { seconds: 1 };
