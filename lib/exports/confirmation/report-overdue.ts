import pMap from 'p-map';
import { UNCONFIRMED, UnconfirmedError } from '../../domain/exports/task-errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { entryOf, type WindowEntry } from '../../domain/ledger/window-row.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import { deadlineOf, oldestExportable } from '../../domain/time/retention.ts';
import { nextRunOf } from '../../domain/time/schedule.ts';
import type { RunPorts } from '../../run-ports.ts';
import { reportFailed } from '../window/report-outcome.ts';
import * as transitions from '../window/transitions.ts';
import { type Recorded, stillPublished } from './record-verdict.ts';
import { OVERDUE_AFTER, type Unconfirmed } from './unconfirmed.ts';

/** A window whose task the list, although it answers, does not show as ended; `why` is what the list shows instead. */
export type Unanswered = { entry: Unconfirmed; why: string };

/**
 * Reports windows that have been unconfirmed for a day while Huawei still has their records: once when the day is over,
 * and once more when the records will be lost by the next run. The row keeps what the list said last.
 */
export function reportOverdue(
  ports: RunPorts,
  target: Target,
  unanswered: readonly Unanswered[],
): Promise<Recorded[]> {
  const now = ports.clock();
  const isOld = ({ entry: { window } }: Unanswered) => isBefore(window.end, now.subtract(A_WHILE));
  const reported = unanswered.filter(isReported);
  const unreported = unanswered.filter((one) => isOld(one) && !isReported(one));
  const some = [...unreported.slice(0, MOST_READ), ...reported.slice(0, MOST_READ)];
  return pMap(some, (one) => reportOne(ports, target, one), { concurrency: READS_AT_ONCE });
}

// Each window is reported twice at most, so the next runs come to those that are left out now.
const MOST_READ = 100;
const READS_AT_ONCE = 8;

// Where the next run would be too late, a task still has this long to end before a report.
const A_WHILE = { hours: 1 };

function isReported({ entry }: Unanswered): boolean {
  return entry.failureKind === UNCONFIRMED;
}

async function reportOne(ports: RunPorts, target: Target, { entry, why }: Unanswered): Promise<Recorded> {
  const now = ports.clock();
  const { row, entry: found } = await stillPublished(ports, entry);
  if (!row) return { before: entry, entry: found };
  const error = unconfirmed(row, why);
  if (isReportDue(row, target, now)) {
    // Reported before it is saved: a run that dies in between causes a second report, and not none.
    const result = reportFailed(ports.observe, { targetId: row.targetId, window: row.window, error });
    return { before: entry, entry: await saved(ports, { row, error, reportedAt: now }), result };
  }
  const { failure } = row;
  if (!failure || failure.message === error.message) return { before: entry, entry };
  return { before: entry, entry: await saved(ports, { row, error, reportedAt: failure.at }) };
}

type Row = transitions.PublishedRow;

function isReportDue({ window, publishedAt, failure }: Row, target: Target, now: Instant): boolean {
  const isTooLate = (at: Instant) => isBefore(window.start, oldestExportable(nextRun(target, at)));
  if (failure) return isTooLate(now) && !isTooLate(failure.at);
  return isBefore(publishedAt, now.subtract(isTooLate(now) ? A_WHILE : OVERDUE_AFTER));
}

function nextRun(target: Target, at: Instant): Instant {
  return nextRunOf(target, at) ?? at.add(OVERDUE_AFTER);
}

type Report = { row: Row; error: UnconfirmedError; reportedAt: Instant };

async function saved({ ledger, clock }: RunPorts, { row, error, reportedAt }: Report): Promise<WindowEntry> {
  const next = transitions.unconfirmed(row, error, { reportedAt, now: clock() });
  return entryOf((await ledger.save(next)) ? next : row);
}

function unconfirmed({ window, publishedAt }: Row, why: string): UnconfirmedError {
  const since = publishedAt.round({ smallestUnit: 'second', roundingMode: 'floor' });
  return new UnconfirmedError(
    `${why}. The export was published at ${since}, and nobody knows whether its file is complete. Check that whoever reads ` +
      `the queue has fetched it; Huawei begins to forget the records at ${deadlineOf(window.start)}.`,
  );
}
