import type { Target } from '../../domain/input/target.ts';
import type { AlertRequest, UnreadableRequest } from '../../domain/ledger/request-row.ts';
import { filtersDigest, isOfAlerts, type WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, type Instant, isBefore } from '../../domain/time/instant.ts';
import { type Span, union } from '../../domain/time/spans.ts';
import type { LedgerReader, OpenRows } from '../../ports.ts';
import { closings } from '../alerts/requests/close.ts';
import { dueAt, type JoinedNeed } from '../alerts/requests/needs.ts';
import { ON_SWEEP, planExports } from '../alerts/requests/plan.ts';
import { exportsFor, openRequests, readableRequests } from '../alerts/requests/rows.ts';
import { PATIENCE } from '../confirmation/long-unconfirmed.ts';
import { lastFailure, type WindowFailure } from './last-failure.ts';

/** How the exports for a target's alerts stand. */
export type AlertsStatus = {
  /** Requests that are not all exported and confirmed yet. */
  open: number;
  /** What the next sweep orders, or has to leave until there is a slot. */
  needed: readonly Pick<JoinedNeed, 'window' | 'filters'>[];
  /** Open requests whose rest is exported when it is due; the first due comes first. */
  toCome: readonly { request: AlertRequest; dueAt: Instant }[];
  /** Published exports of which nobody knows yet how they ended. */
  unconfirmed: number;
  /** When the first of those was published of which that has not been known for more than a day. */
  unconfirmedSince?: Instant;
  /** What is not ordered any more, because all exports that were allowed failed. */
  exhausted: readonly Span[];
  lastFailure?: WindowFailure;
  /** What Huawei no longer had, of requests that are open or were closed in the last days. */
  lost: readonly Span[];
  /** Requests that cannot be read. */
  unreadable: readonly UnreadableRequest[];
};

/** Undefined where alerts have left nothing open. */
export async function alertsStatus(
  ledger: LedgerReader,
  { target, open, now }: { target: Target; open: OpenRows; now: Instant },
): Promise<AlertsStatus | undefined> {
  const exports = open.windows.filter(isOfAlerts);
  if (open.requests.length + exports.length === 0) return undefined;
  const requests = openRequests(open);
  const { entries } = await exportsFor(ledger, target.id, { requests, now });
  const plan = planExports({ target, now, requests, entries, interval: ON_SWEEP });
  const unconfirmed = exports.filter(({ state }) => state === 'published');
  const since = longUnconfirmedSince(unconfirmed, now);
  const failure = await lastFailure(ledger, entries.filter(isOfAlerts), hasRecordsOf(target));
  return {
    open: requests.length,
    needed: [...plan.exports, ...plan.waiting],
    toCome: requests
      .map((request) => ({ request, dueAt: dueAt(request, target) }))
      .filter(({ dueAt: due }) => due.epochMilliseconds > now.epochMilliseconds)
      .sort((one, other) => one.dueAt.epochMilliseconds - other.dueAt.epochMilliseconds),
    unconfirmed: unconfirmed.length,
    ...(since ? { unconfirmedSince: since } : {}),
    exhausted: union([...plan.exhausted.values()].flat()),
    ...(failure ? { lastFailure: failure } : {}),
    lost: union([
      ...readableRequests(open).flatMap(({ lost }) => lost),
      ...newLosses(requests, entries, { target, now }),
    ]),
    unreadable: open.requests.flatMap((request) => (request.state === 'unreadable' ? [request] : [])),
  };
}

function longUnconfirmedSince(unconfirmed: readonly WindowEntry[], now: Instant): Instant | undefined {
  const patient = now.subtract(PATIENCE);
  return earliest(unconfirmed.flatMap(({ publishedAt: at }) => (at && isBefore(at, patient) ? [at] : [])));
}

function hasRecordsOf({ filters }: Target): (one: WindowEntry, other: WindowEntry) => boolean {
  const wide = [filtersDigest({}), filtersDigest(filters)];
  return (one, other) => one.filtersDigest === other.filtersDigest || wide.includes(one.filtersDigest);
}

// What the next run will tell.
function newLosses(
  requests: readonly AlertRequest[],
  entries: readonly WindowEntry[],
  at: { target: Target; now: Instant },
): Span[] {
  return closings(requests, entries, at).flatMap(({ newlyLost }) => newlyLost);
}
