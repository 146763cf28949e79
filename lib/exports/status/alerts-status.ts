import type { Target } from '../../domain/input/target.ts';
import type { AlertRequest, UnreadableRequest } from '../../domain/ledger/request-row.ts';
import { filtersDigest, isOfAlerts, type WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, type Instant, isBefore } from '../../domain/time/instant.ts';
import { type Span, union } from '../../domain/time/spans.ts';
import type { LedgerReader, OpenRows } from '../../ports.ts';
import { closings } from '../alerts/requests/closings.ts';
import type { JoinedNeed } from '../alerts/requests/join-needs.ts';
import { dueAt } from '../alerts/requests/needs.ts';
import { ON_SWEEP, planExports } from '../alerts/requests/plan-exports.ts';
import { exportsFor, openRequests, readableRequests } from '../alerts/requests/rows.ts';
import { OVERDUE_AFTER } from '../confirmation/unconfirmed.ts';
import { lastFailure, type WindowFailure } from './last-failure.ts';

/** The state of a target's requests and of the exports for alerts. */
export type AlertsStatus = {
  /** How many requests are not exported and confirmed whole yet. */
  open: number;
  /** What the next sweep orders, or defers until there is a slot. */
  needed: readonly Pick<JoinedNeed, 'window' | 'filters'>[];
  /** Open requests whose rest is exported when it is due; the first due comes first. */
  toCome: readonly { request: AlertRequest; dueAt: Instant }[];
  /** How many exports are published and not confirmed. */
  unconfirmed: number;
  /** When the first of the exports was published that have been unconfirmed for more than a day. */
  unconfirmedSince?: Instant;
  /** What is not ordered any more, because all `max_attempts` exports failed. */
  exhausted: readonly Span[];
  lastFailure?: WindowFailure;
  /** What Huawei no longer has, of requests that are open or were closed in the last days. */
  lost: readonly Span[];
  /** Requests that cannot be read. */
  unreadable: readonly UnreadableRequest[];
};

/** Undefined where no request and no export for alerts is open. */
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
  const overdue = now.subtract(OVERDUE_AFTER);
  return earliest(unconfirmed.flatMap(({ publishedAt: at }) => (at && isBefore(at, overdue) ? [at] : [])));
}

function hasRecordsOf({ filters }: Target): (one: WindowEntry, other: WindowEntry) => boolean {
  const wide = [filtersDigest({}), filtersDigest(filters)];
  return (one, other) => one.filtersDigest === other.filtersDigest || wide.includes(one.filtersDigest);
}

// The losses that the next run will report.
function newLosses(
  requests: readonly AlertRequest[],
  entries: readonly WindowEntry[],
  at: { target: Target; now: Instant },
): Span[] {
  return closings(requests, entries, at).flatMap(({ newlyLost }) => newlyLost);
}
