import { type MalformedReplyError, TaskFailedError, TooEarlyError } from '../../domain/errors.ts';
import type { ExportTask } from '../../domain/export-task.ts';
import { isBefore } from '../../domain/instant.ts';
import type { WindowRecord } from '../../domain/window-record.ts';

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
  { isUnverified, window }: Pick<WindowRecord, 'isUnverified' | 'window'>,
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
