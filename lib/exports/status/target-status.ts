import type { Issue } from '../../domain/errors.ts';
import { NEVER_CONFIRMED } from '../../domain/exports/task-errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { before, from, type Span, union, windowsOf, without } from '../../domain/time/spans.ts';
import { newestDueWindow } from '../../domain/time/windows.ts';
import { estimatedNow, lastOffset } from '../clock/target-clock.ts';
import { type LongUnconfirmed, longUnconfirmed } from '../confirmation/unconfirmed.ts';
import { hoursLeft, windowsAtRisk } from '../coverage/at-risk.ts';
import { mayHaveTask, projectIssues } from '../coverage/bound-project.ts';
import { dueSpans } from '../coverage/due.ts';
import { type Assessment, assessCoverage } from '../coverage/gaps.ts';
import { beforeRetention } from '../coverage/init-coverage.ts';
import { BEFORE_ALL_LOGINS, readAgain } from '../coverage/target-row-store.ts';
import type { ReadPorts } from '../coverage/target-state.ts';
import { type AlertsStatus, alertsStatus } from './alerts-status.ts';
import { lastFailure, unconfirmedReasons, type WindowFailure } from './last-failure.ts';

/** The state of a target. Lists of spans are in order, and spans that touch are one span. */
export type TargetStatus = {
  target: Target;
  now: Instant;
  /** Both absent before the first scheduled run. */
  coveredFrom?: Instant;
  coveredUntil?: Instant;
  /** The end of the newest window that is due. */
  dueUntil: Instant;
  confirmed: Span[];
  /** A task covers it, or is about to be ordered or published; it is not confirmed. */
  pending: Span[];
  /** Due, without a task that covers it, and Huawei still has the records. */
  gaps: Span[];
  /** Of the gaps: what Huawei will no longer have when the schedule fires next. */
  atRisk: Span[];
  /** Of the gaps: what no run orders any more. */
  exhausted: Span[];
  /** Until the first second of a gap is lost; absent when there is no gap. */
  hoursLeft?: number;
  /** Lost permanently. */
  lost: Span[];
  /** Of the lost: what the next run still has to record and report. */
  unrecorded: Span[];
  /** Windows for which a task may exist whose id is not known. */
  orphans: Span[];
  /**
   * Of the gaps: what an interrupted backfill has not exported, before coverage. Runs order only windows of it that
   * were started and failed.
   */
  openBackfills: Span[];
  /** Published, past the cutoff, and never confirmed. */
  neverConfirmed: Span[];
  /** The part of what `start_at` asks for that Huawei no longer had when coverage began. */
  beforeRetention?: Span;
  /** Where the settings name another project than the ledger; no run exports anything then. */
  otherProject: readonly Issue[];
  /**
   * How far our clock was ahead of Huawei's at the last run, in seconds, unless it must have been set since. `now`
   * takes it into account.
   */
  aheadSeconds?: number;
  /** How many windows are published and not confirmed. */
  unconfirmed: number;
  longUnconfirmed?: LongUnconfirmed;
  /** What the task list said last of windows that have been unconfirmed for more than a day; 100 at most. */
  unconfirmedReasons: readonly WindowFailure[];
  lastFailure?: WindowFailure;
  /** Absent where nothing is open for alerts. Its windows count nowhere above. */
  alerts?: AlertsStatus;
};

/**
 * Reads the state of a target from the ledger. Asks nothing else, and writes nothing. Throws `InfrastructureError` where the
 * target's row is lost.
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
  const current = newestDueWindow(target.window, now);
  const due = [...sinceCoveredFrom(target, row, current), ...(row?.openBackfills ?? [])];
  const seen = assessCoverage({ target, entries: all, due, dueUntil: current.end, now });
  const unanswered = await longUnconfirmed(ledger, seen.unconfirmed, { now });
  const failure = await lastFailure(ledger, series);
  const alerts = await alertsStatus(ledger, { target, open, now });
  return {
    target,
    now,
    ...(row?.coveredFrom ? { coveredFrom: row.coveredFrom } : {}),
    ...(row?.coveredUntil ? { coveredUntil: row.coveredUntil } : {}),
    dueUntil: current.end,
    ...spansOf(seen, series),
    ...aboutRow(target, row, { all, ownNow }),
    ...risks(target, seen, now),
    orphans: joinedWindows(all.filter(({ orphans }) => orphans > 0)),
    unconfirmed: seen.unconfirmed.length,
    ...(unanswered ? { longUnconfirmed: unanswered } : {}),
    unconfirmedReasons: await unconfirmedReasons(ledger, seen.unconfirmed),
    ...(failure ? { lastFailure: failure } : {}),
    ...(alerts ? { alerts } : {}),
  };
}

// A late run exports its current window even before coverage; until then that window is no gap.
function sinceCoveredFrom(target: Target, row: TargetRow | undefined, current: Span): Span[] {
  return row?.coveredFrom ? from(dueSpans(target, row, current), row.coveredFrom) : [];
}

function spansOf(seen: Assessment, series: readonly WindowEntry[]) {
  const confirmed = joinedWindows(series.filter(({ state }) => state === 'confirmed'));
  const open = windowsOf([...seen.unconfirmed, ...seen.unpublished, ...seen.leased]);
  const recorded = joinedWindows(seen.lost);
  return {
    confirmed,
    pending: without(open, confirmed),
    gaps: seen.gaps,
    exhausted: seen.exhausted,
    lost: union([...recorded, ...seen.pastCutoff, ...seen.crossing]),
    unrecorded: union([...seen.pastCutoff, ...seen.crossing]),
    neverConfirmed: joinedWindows(series.filter(({ failureKind }) => failureKind === NEVER_CONFIRMED)),
  };
}

type About = { all: readonly WindowEntry[]; ownNow: Instant };

function aboutRow(target: Target, row: TargetRow | undefined, { all, ownNow }: About) {
  const missing = beforeRetention(target, row?.coveredFrom);
  const aheadSeconds = lastOffset(ownNow, row);
  const { openBackfills: open = [] } = row ?? {};
  return {
    otherProject: row && all.some(mayHaveTask) ? projectIssues(target, row) : [],
    // Within coverage the runs order everything by themselves.
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

function joinedWindows(entries: readonly WindowEntry[]): Span[] {
  return union(windowsOf(entries));
}
