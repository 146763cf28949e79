import { Temporal } from 'temporal-polyfill';
import { type Issue, NEVER_CONFIRMED } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { before, from, type Span, union, without } from '../../domain/time/spans.ts';
import { newestDueWindow } from '../../domain/time/windows.ts';
import { estimatedNow, lastOffset } from '../clock/target-clock.ts';
import { type LongUnconfirmed, longUnconfirmed } from '../confirmation/long-unconfirmed.ts';
import { type Assessment, assessCoverage } from '../coverage/assess.ts';
import { mayHaveTask, projectIssues } from '../coverage/bound-project.ts';
import { beforeRetention } from '../coverage/opening.ts';
import { dueSpans } from '../coverage/plan.ts';
import { hoursLeft, windowsAtRisk } from '../coverage/report-coverage.ts';
import { readAgain } from '../coverage/rewrite-target.ts';
import type { ReadPorts } from '../coverage/state.ts';
import { type AlertsStatus, alertsStatus } from './alerts-status.ts';
import { lastFailure, unconfirmedReasons, type WindowFailure } from './last-failure.ts';

/** How a target stands. Lists of spans are in order, and what touches is one span. */
export type TargetStatus = {
  target: Target;
  now: Instant;
  /** Both absent before the first scheduled run. */
  coveredFrom?: Instant;
  coveredUntil?: Instant;
  /** Where the newest window ends that is due. */
  dueUntil: Instant;
  confirmed: Span[];
  /** A task covers it, or is about to be ordered or published; that it ended well is not known. */
  pending: Span[];
  /** Due, without a task that covers it, and Huawei still has the records. */
  gaps: Span[];
  /** Of the gaps: what Huawei no longer has when the schedule fires next. */
  atRisk: Span[];
  /** Of the gaps: what no run orders by itself any more. */
  exhausted: Span[];
  /** Until the first second of a gap is lost; absent when there is no gap. */
  hoursLeft?: number;
  /** For good. */
  lost: Span[];
  /** Of the lost: what the next run has yet to write down and to raise the alarm for. */
  unrecorded: Span[];
  /** Windows for which a task may exist whose id no run ever learnt. */
  orphans: Span[];
  /** Of the gaps: what an interrupted backfill has left before coverage. Runs order of it only what was started and failed. */
  openBackfills: Span[];
  /** Published, too old to be exported again, and nobody ever said how their tasks ended. */
  neverConfirmed: Span[];
  /** What `start_at` asks for and Huawei no longer had when coverage began. */
  beforeRetention?: Span;
  /** In what the settings name another project than the ledger's; then no run exports anything. */
  otherProject: readonly Issue[];
  /** How far our clock was ahead of Huawei's at the last run, in seconds, unless it has clearly been set since; `now` allows for it. */
  aheadSeconds?: number;
  /** How many windows are published and not confirmed. */
  unconfirmed: number;
  longUnconfirmed?: LongUnconfirmed;
  /** What the task list said last of those that are overdue; 100 at the most. */
  unconfirmedReasons: readonly WindowFailure[];
  lastFailure?: WindowFailure;
  /** Absent where no alert has asked for anything. Nothing of it counts above. */
  alerts?: AlertsStatus;
};

/**
 * Reads from the ledger how a target stands now. Nothing else is asked, and nothing is written. Throws
 * `InfrastructureError` where the target's row is gone.
 */
export async function targetStatus({ ledger, clock }: ReadPorts, target: Target): Promise<TargetStatus> {
  const [found, all, open] = await Promise.all([
    ledger.findTarget(target.id),
    ledger.list(target.id, BEFORE_ALL_LOGINS),
    ledger.listOpen(target.id),
  ]);
  const series = all.filter(isOfCalendar);
  const row = found ?? (all.length > 0 ? await readAgain(ledger, target.id, all.length) : undefined);
  const ownNow = clock();
  const now = estimatedNow(ownNow, row);
  const own = newestDueWindow(target.window, now);
  const due = [...sinceCoveredFrom(target, row, own), ...(row?.openBackfills ?? [])];
  const seen = assessCoverage({ target, entries: all, due, dueUntil: own.end, now });
  const unanswered = await longUnconfirmed(ledger, seen.unconfirmed, { now });
  const failure = await lastFailure(ledger, series);
  const alerts = await alertsStatus(ledger, { target, open, now });
  return {
    target,
    now,
    ...(row?.coveredFrom ? { coveredFrom: row.coveredFrom } : {}),
    ...(row?.coveredUntil ? { coveredUntil: row.coveredUntil } : {}),
    dueUntil: own.end,
    ...spansOf(seen, series),
    ...aboutRow(target, row, { all, ownNow }),
    ...risks(target, seen, now),
    orphans: windowsOf(all.filter(({ orphans }) => orphans > 0)),
    unconfirmed: seen.unconfirmed.length,
    ...(unanswered ? { longUnconfirmed: unanswered } : {}),
    unconfirmedReasons: await unconfirmedReasons(ledger, seen.unconfirmed),
    ...(failure ? { lastFailure: failure } : {}),
    ...(alerts ? { alerts } : {}),
  };
}

const BEFORE_ALL_LOGINS = Temporal.Instant.fromEpochMilliseconds(0);

// A run that comes late for a time before where coverage begins exports that too; nobody misses it before.
function sinceCoveredFrom(target: Target, row: TargetRow | undefined, own: Span): Span[] {
  return row?.coveredFrom ? from(dueSpans(target, row, own), row.coveredFrom) : [];
}

function spansOf(seen: Assessment, series: readonly WindowEntry[]) {
  const confirmed = windowsOf(series.filter(({ state }) => state === 'confirmed'));
  const open = [...seen.unconfirmed, ...seen.unpublished, ...seen.leased].map(({ window }) => window);
  const recorded = windowsOf(seen.lost);
  return {
    confirmed,
    pending: without(open, confirmed),
    gaps: seen.gaps,
    exhausted: seen.exhausted,
    lost: union([...recorded, ...seen.pastCutoff, ...seen.crossing]),
    unrecorded: union([...seen.pastCutoff, ...seen.crossing]),
    neverConfirmed: windowsOf(series.filter(({ failureKind }) => failureKind === NEVER_CONFIRMED)),
  };
}

type About = { all: readonly WindowEntry[]; ownNow: Instant };

function aboutRow(target: Target, row: TargetRow | undefined, { all, ownNow }: About) {
  const missing = beforeRetention(target, row?.coveredFrom);
  const aheadSeconds = lastOffset(ownNow, row);
  const { openBackfills: open = [] } = row ?? {};
  return {
    otherProject: row && all.some(mayHaveTask) ? projectIssues(target, row) : [],
    // What lies within coverage the runs order by themselves.
    openBackfills: row?.coveredFrom ? before(open, row.coveredFrom) : open,
    ...(missing ? { beforeRetention: missing } : {}),
    ...(aheadSeconds === undefined ? {} : { aheadSeconds }),
  };
}

function risks(target: Target, seen: Assessment, now: Instant): Pick<TargetStatus, 'atRisk' | 'hoursLeft'> {
  const left = seen.gaps.length > 0 ? { hoursLeft: hoursLeft(seen.gaps, now) } : {};
  return { atRisk: union(windowsAtRisk(target, seen, now)), ...left };
}

function isOfCalendar({ series }: WindowEntry): boolean {
  return series === 'calendar';
}

function windowsOf(entries: readonly WindowEntry[]): Span[] {
  return union(entries.map(({ window }) => window));
}
