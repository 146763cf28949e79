import {
  MalformedReplyError,
  NEVER_CONFIRMED,
  NeverConfirmedError,
  TASK_FAILED,
  TaskFailedError,
  TOO_EARLY,
  TooEarlyError,
} from '../../domain/errors.ts';
import type { ExportTask } from '../../domain/exports/export-task.ts';
import type { Target } from '../../domain/input/target.ts';
import { entryOf, type WindowEntry, type WindowRow } from '../../domain/ledger/window-row.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import type { RunPorts } from '../../run-ports.ts';
import { asUnreadable, findOrTell } from '../window/next-action.ts';
import type { WindowResult } from '../window/report.ts';
import * as transitions from '../window/transitions.ts';
import { PATIENCE } from './long-unconfirmed.ts';

/** Published, and neither confirmed nor told as never confirmed. */
export type Published = WindowEntry & { taskId: string };

/** What a run found out about the task of a window. */
export type Judged = {
  entry: Published;
  verdict: Verdict | NeverConfirmedError;
  task: ExportTask | undefined;
  isTimeKnown: boolean;
};

/** Whether an entry is published, and neither confirmed nor told as never confirmed. */
export function isPublished(entry: WindowEntry): entry is Published {
  return entry.state === 'published' && entry.taskId !== undefined && entry.failureKind !== NEVER_CONFIRMED;
}

/** Whether nothing more will become of the window by itself. */
export function endsBadly({ entry, verdict }: Judged, { maxAttempts }: Target): boolean {
  if (verdict === 'fetched') return false;
  return verdict.kind === NEVER_CONFIRMED || (verdict.kind === TASK_FAILED && entry.attempt >= maxAttempts);
}

/** An entry as it was and as it is now, and what the report should say of it, if anything. */
export type Noted = { before: WindowEntry; entry: WindowEntry; result?: WindowResult };

/** Writes a verdict to the ledger and tells it; neither, where another run was quicker. */
export async function noteVerdict(ports: RunPorts, target: Target, judged: Judged): Promise<Noted> {
  const before = judged.entry;
  const { row, entry } = await stillPublished(ports, before);
  const verdict = row && checkedVerdict(row, judged);
  const next = verdict && nextOf(row, verdict, ports.clock());
  if (!next) return { before, entry };
  // Of what ends late nothing else says that it is untold: a run that dies between tells twice rather than never.
  if (isLate(row, verdict, ports.clock())) {
    const result = tellLate(ports, row, verdict);
    return { before, entry: (await ports.ledger.save(next)) ? entryOf(next) : entry, result };
  }
  if (!(await ports.ledger.save(next))) return { before, entry };
  return { before, entry: entryOf(next), ...tell(ports, target, row, verdict) };
}

type Bad = Exclude<Verdict, 'fetched'>;

// Requests do not wait longer than that for an answer. Those that were closed without one order nothing again.
function isLate(
  { order, publishedAt }: transitions.PublishedRow,
  verdict: Judged['verdict'],
  now: Instant,
): verdict is Bad {
  if (verdict === 'fetched' || verdict instanceof NeverConfirmedError) return false;
  return order !== undefined && isBefore(publishedAt, now.subtract(PATIENCE));
}

function tellLate(
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
  observe({ type: 'window_failed', targetId, window, error });
  return { window, result: { outcome: 'failed', error } };
}

/** The row that a verdict is about; none where another run has noted one, or ordered the next task already. */
export async function stillPublished(
  ports: Pick<RunPorts, 'ledger' | 'observe'>,
  entry: Published,
): Promise<{ entry: WindowEntry; row?: transitions.PublishedRow }> {
  const found = await findOrTell(ports, entry);
  if (found?.state === 'unreadable') return { entry: asUnreadable(entry, found) };
  if (found?.state !== 'published' || found.message.data.task_id !== entry.taskId)
    return { entry: found ? entryOf(found) : entry };
  return { entry, row: found };
}

function checkedVerdict(found: transitions.PublishedRow, { verdict, task, isTimeKnown }: Judged) {
  return verdict === 'fetched' ? checkedCreation(found, task, isTimeKnown) : verdict;
}

function nextOf(found: transitions.PublishedRow, verdict: Judged['verdict'], now: Instant) {
  if (verdict === 'fetched') return transitions.confirmed(found, now);
  if (verdict instanceof NeverConfirmedError) return transitions.neverConfirmed(found, verdict, now);
  if (verdict instanceof MalformedReplyError) return transitions.disowned(found, verdict, now);
  return transitions.failed(found, verdict, now);
}

// A task that failed is ordered again, so it is no news for the report until that was the last time.
function tell(
  { observe }: RunPorts,
  { id: targetId, maxAttempts }: Target,
  { window, attempt, message }: transitions.PublishedRow,
  verdict: Judged['verdict'],
): Pick<Noted, 'result'> {
  const about = { targetId, window, taskId: message.data.task_id };
  if (verdict === 'fetched') {
    observe({ type: 'window_confirmed', ...about });
    return { result: { window, result: { outcome: 'confirmed' } } };
  }
  if (verdict instanceof NeverConfirmedError) {
    observe({ type: 'window_never_confirmed', ...about, error: verdict });
    return { result: { window, result: { outcome: 'failed', error: verdict } } };
  }
  observe({ type: 'task_failed', ...about, attempt, error: verdict });
  if (isOrderedQuietly(verdict, attempt < maxAttempts)) return {};
  observe({ type: 'window_failed', targetId, window, error: verdict });
  return { result: { window, result: { outcome: 'failed', error: verdict } } };
}

// That a task belongs to nobody is Huawei's fault, or worse, and people are to know of it at once.
function isOrderedQuietly({ kind }: Bad, isMoreAllowed: boolean): boolean {
  return kind === TOO_EARLY || (kind === TASK_FAILED && isMoreAllowed);
}

/** The file is there, or was fetched while it was; or there is none, and why; or nobody knows whose it is. */
export type Verdict = 'fetched' | TaskFailedError | TooEarlyError | MalformedReplyError;

/** What a task of the list means for its window; undefined while Huawei is still at it. */
export function verdictOn(task: ExportTask): Verdict | undefined {
  const { taskId, status, isDownloaded, failReason, errorCode } = task;
  switch (status) {
    case 'CREATING':
    case 'OTHER':
      return undefined;
    case 'SUCCESS':
      return 'fetched';
    case 'EXPIRED':
      return isDownloaded
        ? 'fetched'
        : new TaskFailedError(`Huawei's task ${taskId} expired before anybody had downloaded its file.`);
    case 'FAIL':
      return new TaskFailedError(
        `Huawei accepted the export, and its task ${taskId} failed: ${failReason ?? 'no reason is given'}.`,
        errorCode === undefined ? {} : { vendor: { status: 200, code: errorCode } },
      );
  }
}

/**
 * The verdict on a task that ended well. One that was ordered by our own clock alone may have been made before its window
 * was over: then its file lacks the end of it, and it counts as failed. So it does, too, where the list does not say when
 * it was made, if this run knows the time (`isTimeKnown`): the next order is sure to come after the end. Else there is no
 * verdict yet.
 */
export function checkedCreation(
  { isUnverified, window }: Pick<WindowRow, 'isUnverified' | 'window'>,
  task: ExportTask | undefined,
  isTimeKnown: boolean,
): Verdict | undefined {
  if (!isUnverified) return 'fetched';
  const createdAt = task?.createdAt;
  if (!createdAt && !isTimeKnown) return undefined;
  if (!createdAt)
    return new TooEarlyError(
      `Only the clock of this machine says when the task ${task?.taskId} was ordered, so its window may not have been over: it is ordered again.`,
    );
  if (!isBefore(createdAt, window.end)) return 'fetched';
  return new TooEarlyError(
    `Huawei made the task ${task?.taskId} at ${createdAt}, before its window was over: the clock of this machine was ahead.`,
  );
}
