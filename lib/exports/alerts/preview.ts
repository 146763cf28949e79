import { type SentTimes, sentTimes } from '../../domain/input/api-time.ts';
import type { Target } from '../../domain/input/target.ts';
import { nextVersion } from '../../domain/ledger/compare-and-set.ts';
import { type AlertRequest, type AskedRequest, requestId } from '../../domain/ledger/request-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import { askedSpan } from '../../domain/time/windows.ts';
import { estimatedNow } from '../clock/target-clock.ts';
import type { ReadPorts } from '../coverage/state.ts';
import { checkNotInFuture } from '../run/moment.ts';
import { type AlertsInput, askedRequests, type Matched, matchAlerts, type Unmatched } from './asked.ts';
import { closings } from './requests/close.ts';
import { coverageBy, servingTasks } from './requests/coverage.ts';
import type { JoinedNeed } from './requests/needs.ts';
import { ON_ARRIVAL, type PlannedExport, planExports } from './requests/plan.ts';
import { exportsFor, type ListedExports, openRequests, readableRequests } from './requests/rows.ts';

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
  /** What has to wait for a slot, or until the last export of the same is some minutes old. */
  waiting: readonly JoinedNeed[];
  /** The requests of these alerts of which something is left for later. */
  open: readonly AlertRequest[];
  /** Tasks that have part of it already. */
  tasks: readonly string[];
  /** What Huawei no longer has any record of. */
  lost: readonly Span[];
  coalesced: number;
  /** What an alert would have had exported besides, if the export were narrowed to what it names. */
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
  const stored = rows.target instanceof Error ? undefined : rows.target;
  const now = estimatedNow(clock(), stored);
  const arrived = now.subtract(arrivedAt.until(clock()));
  const known = new Map(readableRequests(rows).map((request) => [requestId(request), request]));
  // What has come before is not asked for twice.
  const own = askedRequests(inputs, arrived).map((asked) => known.get(requestId(asked)) ?? asNew(asked, now));
  const all = [...new Set([...openRequests(rows), ...own])];
  const listed = await exportsFor(ledger, target.id, { requests: all, now });
  const { entries } = listed;
  const open = own.filter(({ state }) => state === 'open');
  const closed = closings(open, entries, { target, now }, readableRequests(rows));
  const over = new Set([
    ...own.filter(({ state }) => state !== 'open'),
    ...closed.filter(({ next }) => next.state !== 'open').map(({ request }) => request),
  ]);
  const alone = planOf(
    own.filter((request) => !over.has(request)),
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
    open: own.filter((request) => !over.has(request)),
    tasks: tasksOf(own, listed, { target, now }),
    lost: closed.flatMap(({ newlyLost }) => newlyLost),
    coalesced: together.coalesced,
    shortened: inputs.flatMap(({ shortened }) => shortened ?? []),
  };
}

type Planning = { target: Target; now: Instant; entries: ListedExports['entries'] };

function planOf(requests: readonly AlertRequest[], { target, now, entries }: Planning) {
  return planExports({ target, now, requests, entries, interval: ON_ARRIVAL });
}

function asNew(asked: AskedRequest, now: Instant): AlertRequest {
  return nextVersion({ ...asked, state: 'open', lost: [], tasks: [], version: 0 } as const, now);
}

function tasksOf(
  own: readonly AlertRequest[],
  { entries }: ListedExports,
  { target, now }: Pick<Planning, 'target' | 'now'>,
): string[] {
  const coverageFor = coverageBy(entries, { target, now });
  return [...new Set(own.flatMap((request) => servingTasks(request, coverageFor(request.filters))))];
}

function previewed(planned: PlannedExport, target: Target, now: Instant): PreviewedExport {
  const asked = askedSpan(planned.window, target.window.overlap, now);
  return { ...planned, sent: sentTimes(asked, target.apiTime) };
}
