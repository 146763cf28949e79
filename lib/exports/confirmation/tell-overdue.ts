import pMap from 'p-map';
import type { Target } from '../../domain/input/target.ts';
import { entryOf, type WindowEntry } from '../../domain/ledger/window-row.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import { deadlineOf, oldestExportable, UNCONFIRMED, UnconfirmedError } from '../../domain/time/retention.ts';
import { nextRunAfter, parseSchedule } from '../../domain/time/schedule.ts';
import type { RunPorts } from '../../run-ports.ts';
import type { WindowResult } from '../window/report.ts';
import * as transitions from '../window/transitions.ts';
import { PATIENCE } from './long-unconfirmed.ts';
import { type Noted, type Published, stillPublished } from './note-verdict.ts';

/** A publishd window of which the list, although it answers, does not say how its task ended; and what it says instead. */
export type Open = { entry: Published; why: string };

/**
 * Tells of windows whose exports nobody has known the end of for a day, while Huawei still has their records: once when
 * that day is over, and once more when they will be lost by the next run. The row keeps what the list said last.
 */
export function tellOverdue(ports: RunPorts, target: Target, open: readonly Open[]): Promise<Noted[]> {
  const now = ports.clock();
  const isOld = ({ entry: { window } }: Open) => isBefore(window.end, now.subtract(A_WHILE));
  const untold = open.filter((one) => isOld(one) && !isTold(one));
  const told = open.filter(isTold);
  const some = [...untold.slice(0, MOST_READ), ...told.slice(0, MOST_READ)];
  return pMap(some, (one) => tellOne(ports, target, one), { concurrency: READS_AT_ONCE });
}

// Each is told but twice, so what is left for now has its turn in the next runs.
const MOST_READ = 100;
const READS_AT_ONCE = 8;

// Where the next run would be too late, a task has so long to end before that is told.
const A_WHILE = { hours: 1 };

function isTold({ entry }: Open): boolean {
  return entry.failureKind === UNCONFIRMED;
}

async function tellOne(ports: RunPorts, target: Target, { entry, why }: Open): Promise<Noted> {
  const now = ports.clock();
  const { row, entry: found } = await stillPublished(ports, entry);
  if (!row) return { before: entry, entry: found };
  const error = unconfirmed(row, why);
  if (isNews(row, target, now)) {
    // Told first: a run that dies between tells twice rather than never.
    const result = tell(ports, { row, error });
    return { before: entry, entry: await written(ports, { row, error, toldAt: now }), result };
  }
  const { failure } = row;
  if (!failure || failure.message === error.message) return { before: entry, entry };
  return { before: entry, entry: await written(ports, { row, error, toldAt: failure.at }) };
}

function isNews({ window, publishedAt, failure }: Row, target: Target, now: Instant): boolean {
  const isTooLate = (at: Instant) => isBefore(window.start, oldestExportable(nextRun(target, at)));
  if (failure) return isTooLate(now) && !isTooLate(failure.at);
  return isBefore(publishedAt, now.subtract(isTooLate(now) ? A_WHILE : PATIENCE));
}

function nextRun({ schedule: text, scheduleTimeZone }: Target, at: Instant): Instant {
  const schedule = parseSchedule(text);
  return (schedule && nextRunAfter(schedule, scheduleTimeZone, at)) ?? at.add(PATIENCE);
}

type Row = transitions.PublishedRow;
type Told = { row: Row; error: UnconfirmedError };

function tell({ observe }: RunPorts, { row: { targetId, window }, error }: Told): WindowResult {
  observe({ type: 'window_failed', targetId, window, error });
  return { window, result: { outcome: 'failed', error } };
}

async function written(
  { ledger, clock }: RunPorts,
  { row, error, toldAt }: Told & { toldAt: Instant },
): Promise<WindowEntry> {
  const next = transitions.unconfirmed(row, error, { toldAt, now: clock() });
  return entryOf((await ledger.save(next)) ? next : row);
}

function unconfirmed({ window, publishedAt }: Row, why: string): UnconfirmedError {
  const since = publishedAt.round({ smallestUnit: 'second', roundingMode: 'floor' });
  return new UnconfirmedError(
    `${why}. The export was published at ${since}, and nobody knows whether its file is complete. Check that whoever reads ` +
      `the queue has fetched it; Huawei begins to forget the records at ${deadlineOf(window.start)}.`,
  );
}
