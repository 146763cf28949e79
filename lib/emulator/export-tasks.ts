import { randomBytes } from 'node:crypto';
import type { Caller } from './admission.ts';
import type { ExportOrder } from './export-order.ts';

export type TaskStatus = 'CREATING' | 'SUCCESS' | 'FAIL' | 'EXPIRED';

/** An export task as it stands now. Times are milliseconds since the epoch. */
export type ExportTask = {
  id: string;
  projectId: string;
  createdAt: number;
  createdBy: Caller;
  order: ExportOrder;
  fileName: string;
  status: TaskStatus;
  endedAt?: number | undefined;
  failReason?: string | undefined;
  errorCode?: string | undefined;
  isDownloaded: boolean;
};

type NewTask = Pick<ExportTask, 'projectId' | 'createdAt' | 'createdBy' | 'order'>;
type Failure = { reason: string; code: string; at: number };
type Kept = NewTask & { id: string; failure?: Failure; isExpired: boolean; isDownloaded: boolean };

/** Every export task of every project. What state one is in follows from the time it is looked at. */
export function createExportTasks(rhythm: { creatingSeconds: number; expirySeconds: number }) {
  const tasks = new Map<string, Kept>();
  let nextFailure: Omit<Failure, 'at'> | undefined;

  const keptTask = (id: string): Kept => {
    const task = tasks.get(id);
    if (!task) throw new Error(`No export task has the id "${id}".`);
    return task;
  };

  return {
    create: (task: NewTask): string => {
      const id = randomBytes(16).toString('hex');
      const failsAt = task.createdAt + rhythm.creatingSeconds * 1000;
      const failure = nextFailure && { failure: { ...nextFailure, at: failsAt } };
      nextFailure = undefined;
      tasks.set(id, { ...task, ...failure, id, isExpired: false, isDownloaded: false });
      return id;
    },
    /** In the order in which they were created. */
    all: (now: number): ExportTask[] => [...tasks.values()].map((task) => seen(task, rhythm, now)),
    find: (id: string, now: number): ExportTask | undefined => {
      const task = tasks.get(id);
      return task && seen(task, rhythm, now);
    },
    failNext: (reason: string, code: string): void => {
      nextFailure = { reason, code };
    },
    fail: (id: string, failure: Failure): void => {
      keptTask(id).failure = failure;
    },
    expire: (id: string): void => {
      keptTask(id).isExpired = true;
    },
    markDownloaded: (id: string): void => {
      keptTask(id).isDownloaded = true;
    },
  };
}

function seen(
  { failure, isExpired, ...task }: Kept,
  { creatingSeconds, expirySeconds }: { creatingSeconds: number; expirySeconds: number },
  now: number,
): ExportTask {
  const doneAt = task.createdAt + creatingSeconds * 1000;
  const fileName = `user_connection_${task.id.slice(0, 8)}.csv`;
  if (failure && now >= failure.at) {
    const { reason, code, at } = failure;
    return { ...task, fileName, status: 'FAIL', endedAt: at, failReason: reason, errorCode: code };
  }
  if (isExpired || now >= doneAt + expirySeconds * 1000)
    return { ...task, fileName, status: 'EXPIRED', endedAt: doneAt };
  if (now < doneAt) return { ...task, fileName, status: 'CREATING' };
  return { ...task, fileName, status: 'SUCCESS', endedAt: doneAt };
}
