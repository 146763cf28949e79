import { type SentTimes, sentTimes } from '../../domain/input/api-time.ts';
import type { Target } from '../../domain/input/target.ts';
import { type AlertRequest, requestId } from '../../domain/ledger/request-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import { requestedSpan } from '../../domain/time/windows.ts';
import { checkNotInFuture } from '../clock/moment.ts';
import { estimatedNow } from '../clock/target-clock.ts';
import { type ReadPorts, readableTarget } from '../coverage/target-state.ts';
import { closings } from './requests/closings.ts';
import { coverageBy, servingTasks } from './requests/coverage.ts';
import type { JoinedNeed } from './requests/join-needs.ts';
import { ON_ARRIVAL, type PlannedExport, planExports } from './requests/plan-exports.ts';
import {
  exportsFor,
  type ListedExports,
  openRequestFor,
  openRequests,
  readableRequests,
} from './requests/rows.ts';
import {
  type AlertsInput,
  type Matched,
  matchAlerts,
  requestTerms,
  type Unmatched,
} from './requests-by-target.ts';

/** An export that would be ordered at once. */
export type PreviewedExport = PlannedExport & {
  /** The literals that would go on the wire. */
  sent: SentTimes;
};

/** What alerts would lead to for one target. */
export type AlertsPreview = {
  target: Target;
  alerts: readonly string[];
  atOnce: readonly PreviewedExport[];
  /** What has to wait: for a slot, or for the end of the coalescing interval. */
  waiting: readonly JoinedNeed[];
  /** The requests of these alerts that are not exported whole yet. */
  open: readonly AlertRequest[];
  /** Tasks that have a part of what is asked for already. */
  tasks: readonly string[];
  /** What Huawei no longer has the records of. */
  lost: readonly Span[];
  coalesced: number;
  /** What is left out because the export is not narrowed to values that the alert names. */
  shortened: readonly Span[];
};

/** What `exportForAlerts` would do with the same input. Reads the ledger and nothing else, and writes nothing. */
export async function previewAlerts(
  ports: ReadPorts,
  input: AlertsInput,
): Promise<{ unmatched: readonly Unmatched[]; targets: AlertsPreview[] }> {
  checkNotInFuture(input.arrivedAt, ports.clock());
  const { unmatched, shares } = matchAlerts(input);
  const targets: AlertsPreview[] = [];
  for (const share of shares) targets.push(await preview(ports, share, input.arrivedAt));
  return { unmatched, targets };
}

async function preview(
  { ledger, clock }: ReadPorts,
  { target, inputs }: Matched['shares'][number],
  arrivedAt: Instant,
): Promise<AlertsPreview> {
  const rows = await ledger.listOpen(target.id);
  const stored = readableTarget(rows);
  const now = estimatedNow(clock(), stored);
  const arrived = now.subtract(arrivedAt.until(clock()));
  const known = new Map(readableRequests(rows).map((request) => [requestId(request), request]));
  // A request that has come before keeps its row.
  const ours = requestTerms(inputs, arrived).map(
    (terms) => known.get(requestId(terms)) ?? openRequestFor(terms, now),
  );
  const all = [...new Set([...openRequests(rows), ...ours])];
  const listed = await exportsFor(ledger, target.id, { requests: all, now });
  const { entries } = listed;
  const open = ours.filter(({ state }) => state === 'open');
  const closed = closings(open, entries, { target, now }, readableRequests(rows));
  const over = new Set([
    ...ours.filter(({ state }) => state !== 'open'),
    ...closed.filter(({ next }) => next.state !== 'open').map(({ request }) => request),
  ]);
  const alone = planOf(
    ours.filter((request) => !over.has(request)),
    { target, now, entries },
  );
  const together =
    alone.exports.length > 0
      ? planOf(
          all.filter((request) => !over.has(request)),
          { target, now, entries },
        )
      : alone;
  return {
    target,
    alerts: [...new Set(inputs.map(({ alert }) => alert.id))],
    atOnce: together.exports.map((planned) => previewed(planned, target, now)),
    waiting: together.waiting,
    open: ours.filter((request) => !over.has(request)),
    tasks: tasksOf(ours, listed, { target, now }),
    lost: closed.flatMap(({ newlyLost }) => newlyLost),
    coalesced: together.coalesced,
    shortened: inputs.flatMap(({ shortened }) => shortened ?? []),
  };
}

type Planning = { target: Target; now: Instant; entries: ListedExports['entries'] };

function planOf(requests: readonly AlertRequest[], { target, now, entries }: Planning) {
  return planExports({ target, now, requests, entries, interval: ON_ARRIVAL });
}

function tasksOf(
  requests: readonly AlertRequest[],
  { entries }: ListedExports,
  { target, now }: Pick<Planning, 'target' | 'now'>,
): string[] {
  const coverageFor = coverageBy(entries, { target, now });
  return [...new Set(requests.flatMap((request) => servingTasks(request, coverageFor(request.filters))))];
}

function previewed(planned: PlannedExport, target: Target, now: Instant): PreviewedExport {
  const span = requestedSpan(planned.window, target.window.overlap, now);
  return { ...planned, sent: sentTimes(span, target.apiTime) };
}
