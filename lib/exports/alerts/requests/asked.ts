import type { Alert } from '../../../domain/alert.ts';
import { type AskedRequest, requestId } from '../../../domain/alert-request.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { AlertInput } from '../matching.ts';

/** What alerts ask of a target, as requests; what is asked twice is one. */
export function askedRequests(inputs: readonly AlertInput[], arrivedAt: Instant): AskedRequest[] {
  const asked = inputs.map(({ alert, target, window, filters }) => ({
    targetId: target.id,
    alertId: alert.id,
    source: alert.source,
    types: alert.types,
    window,
    seenUntil: seenUntil(alert),
    filters,
    arrivedAt,
  }));
  return [...new Map(asked.map((one) => [requestId(one), one])).values()];
}

/** The end of what was seen: the record of the last sight lies at that moment, and spans end before their end. */
export function seenUntil({ lastSeen }: Pick<Alert, 'lastSeen'>): Instant {
  return lastSeen.add({ seconds: 1 });
}
