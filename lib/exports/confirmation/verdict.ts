import type { MalformedReplyError } from '../../domain/errors.ts';
import type { ExportTask } from '../../domain/exports/export-task.ts';
import { TaskFailedError, TooEarlyError } from '../../domain/exports/task-errors.ts';
import type { WindowRow } from '../../domain/ledger/window-row.ts';
import { isBefore } from '../../domain/time/instant.ts';

/**
 * `succeeded`: the file is there, or was downloaded before it expired. An error: there is no file, and why; or the task
 * belongs to more than one window.
 */
export type Verdict = 'succeeded' | TaskFailedError | TooEarlyError | MalformedReplyError;

/** What a task of the list means for its window; undefined while the task is not over. */
export function verdictOn(task: ExportTask): Verdict | undefined {
  const { taskId, status, isDownloaded, failReason, errorCode } = task;
  switch (status) {
    case 'CREATING':
    case 'OTHER':
      return undefined;
    case 'SUCCESS':
      return 'succeeded';
    case 'EXPIRED':
      return isDownloaded
        ? 'succeeded'
        : new TaskFailedError(`Huawei's task ${taskId} expired before anybody had downloaded its file.`);
    case 'FAIL':
      return new TaskFailedError(
        `Huawei accepted the export, and its task ${taskId} failed: ${failReason ?? 'no reason is given'}.`,
        errorCode === undefined ? {} : { vendor: { status: 200, code: errorCode } },
      );
  }
}

/**
 * The verdict on a task that ended well. A task ordered by our own clock alone may have been created before the end of its
 * window. Then its file is incomplete, and the task counts as failed. Where the list does not say when the task was
 * created, a run that knows the time (`isTimeKnown`) lets it fail too, because its own order is sure to come after the end
 * of the window; other runs have no verdict yet.
 */
export function checkedCreation(
  { isUnverified, window }: Pick<WindowRow, 'isUnverified' | 'window'>,
  task: ExportTask | undefined,
  isTimeKnown: boolean,
): Verdict | undefined {
  if (!isUnverified) return 'succeeded';
  const createdAt = task?.createdAt;
  if (!createdAt && !isTimeKnown) return undefined;
  if (!createdAt)
    return new TooEarlyError(
      `Only the clock of this machine says when the task ${task?.taskId} was ordered, so its window may not have been over: it is ordered again.`,
    );
  if (!isBefore(createdAt, window.end)) return 'succeeded';
  return new TooEarlyError(
    `Huawei made the task ${task?.taskId} at ${createdAt}, before its window was over: the clock of this machine was ahead.`,
  );
}
