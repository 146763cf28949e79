import { MalformedReplyError } from '../../domain/errors.ts';
import type { ExportTask } from '../../domain/exports/export-task.ts';
import {
  NEVER_CONFIRMED,
  NeverConfirmedError,
  TASK_FAILED,
  TaskFailedError,
  TOO_EARLY,
} from '../../domain/exports/task-errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { entryOf, type WindowEntry } from '../../domain/ledger/window-row.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import type { RunPorts } from '../../run-ports.ts';
import { asUnreadable, findOrReport } from '../window/find-row.ts';
import type { WindowResult } from '../window/outcome.ts';
import { reportFailed } from '../window/report-outcome.ts';
import * as transitions from '../window/transitions.ts';
import { OVERDUE_AFTER, type Unconfirmed } from './unconfirmed.ts';
import { checkedCreation, type Verdict } from './verdict.ts';

/** What a run found out about the task of a window. */
export type Judged = {
  entry: Unconfirmed;
  verdict: Verdict | NeverConfirmedError;
  task: ExportTask | undefined;
  isTimeKnown: boolean;
};

/** Whether the verdict is bad and no run will order the window again. */
export function endsBadly({ entry, verdict }: Judged, { maxAttempts }: Target): boolean {
  if (verdict === 'succeeded') return false;
  return verdict.kind === NEVER_CONFIRMED || (verdict.kind === TASK_FAILED && entry.attempt >= maxAttempts);
}

/** An entry as it was and as it is now, and the result for the run's report, if there is one. */
export type Recorded = { before: WindowEntry; entry: WindowEntry; result?: WindowResult };

/** Records a verdict in the ledger and reports it. Does neither where another run was quicker. */
export async function recordVerdict(ports: RunPorts, target: Target, judged: Judged): Promise<Recorded> {
  const before = judged.entry;
  const { row, entry } = await stillPublished(ports, before);
  const verdict = row && verdictFor(row, judged);
  const next = verdict && nextRow(row, verdict, ports.clock());
  if (!next) return { before, entry };
  // `unreported_from` does not cover late failures, so report before saving: a run that dies in between causes a second
  // report, and not none.
  if (isLate(row, verdict, ports.clock())) {
    const result = reportLate(ports, row, verdict);
    return { before, entry: (await ports.ledger.save(next)) ? entryOf(next) : entry, result };
  }
  if (!(await ports.ledger.save(next))) return { before, entry };
  return { before, entry: entryOf(next), ...report(ports, target, row, verdict) };
}

/** The row that a verdict is about; absent where another run has recorded a verdict or ordered the next task. */
export async function stillPublished(
  ports: Pick<RunPorts, 'ledger' | 'observe'>,
  entry: Unconfirmed,
): Promise<{ entry: WindowEntry; row?: transitions.PublishedRow }> {
  const found = await findOrReport(ports, entry);
  if (found?.state === 'unreadable') return { entry: asUnreadable(entry, found) };
  if (found?.state !== 'published' || found.message.data.task_id !== entry.taskId)
    return { entry: found ? entryOf(found) : entry };
  return { entry, row: found };
}

function verdictFor(found: transitions.PublishedRow, { verdict, task, isTimeKnown }: Judged) {
  return verdict === 'succeeded' ? checkedCreation(found, task, isTimeKnown) : verdict;
}

function nextRow(found: transitions.PublishedRow, verdict: Judged['verdict'], now: Instant) {
  if (verdict === 'succeeded') return transitions.confirmed(found, now);
  if (verdict instanceof NeverConfirmedError) return transitions.neverConfirmed(found, verdict, now);
  if (verdict instanceof MalformedReplyError) return transitions.disowned(found, verdict, now);
  return transitions.failed(found, verdict, now);
}

type Bad = Exclude<Verdict, 'succeeded'>;

// An export for alerts whose request may be closed by now: requests wait a day for an answer. A closed request orders no
// other export.
function isLate(
  { alertExport, publishedAt }: transitions.PublishedRow,
  verdict: Judged['verdict'],
  now: Instant,
): verdict is Bad {
  if (verdict === 'succeeded' || verdict instanceof NeverConfirmedError) return false;
  return alertExport !== undefined && isBefore(publishedAt, now.subtract(OVERDUE_AFTER));
}

function reportLate(
  { observe }: RunPorts,
  { targetId, window, attempt, message }: transitions.PublishedRow,
  cause: Bad,
): WindowResult {
  const taskId = message.data.task_id;
  observe({ type: 'task_failed', targetId, window, taskId, attempt, error: cause });
  const error = new TaskFailedError(
    `${cause.message} This export for alerts was published more than a day ago. What is still open orders it again by ` +
      'itself; where its request was closed meanwhile, let the alert come again, or ask for the window once more.',
  );
  return reportFailed(observe, { targetId, window, error });
}

// A failed task that is ordered again is not in the run's report until the last attempt.
function report(
  { observe }: RunPorts,
  { id: targetId, maxAttempts }: Target,
  { window, attempt, message }: transitions.PublishedRow,
  verdict: Judged['verdict'],
): Pick<Recorded, 'result'> {
  const about = { targetId, window, taskId: message.data.task_id };
  if (verdict === 'succeeded') {
    observe({ type: 'window_confirmed', ...about });
    return { result: { window, result: { outcome: 'confirmed' } } };
  }
  if (verdict instanceof NeverConfirmedError) {
    observe({ type: 'window_never_confirmed', ...about, error: verdict });
    return { result: { window, result: { outcome: 'failed', error: verdict } } };
  }
  observe({ type: 'task_failed', ...about, attempt, error: verdict });
  if (isOrderedQuietly(verdict, attempt < maxAttempts)) return {};
  return { result: reportFailed(observe, { targetId, window, error: verdict }) };
}

// A task that belongs to more than one window is an error of Huawei's, or worse: that is reported at once.
function isOrderedQuietly({ kind }: Bad, isMoreAllowed: boolean): boolean {
  return kind === TOO_EARLY || (kind === TASK_FAILED && isMoreAllowed);
}
