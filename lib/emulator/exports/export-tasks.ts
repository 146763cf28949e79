import { randomBytes } from 'node:crypto';
import type { Caller } from '../iam/authn.ts';
import { overQuotaReply, type Quota } from '../scenarios/failures.ts';
import type { Reply } from '../server/reply.ts';
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
type Kept = NewTask & {
  id: string;
  /** When it stops being CREATING. */
  doneAt: number;
  failure?: Failure | undefined;
  expiresAt: number;
  isDownloaded: boolean;
};

/** What is to become of a task, in seconds after its creation; what is left out is as with every other task. */
export type Fate = {
  creatingSeconds?: number | undefined;
  /** Instead of success, when it stops being CREATING. */
  failure?: { reason: string; code: string } | undefined;
  expiresAfterSeconds?: number | undefined;
};

type Rhythm = { creatingSeconds: number; expirySeconds: number };

/** Every export task of every project. What state one is in follows from the time it is looked at. */
export function createExportTasks(rhythm: Rhythm) {
  const tasks = new Map<string, Kept>();
  let nextFate: Fate = {};

  const keptTask = (id: string): Kept => {
    const task = tasks.get(id);
    if (!task) throw new Error(`No export task has the id "${id}".`);
    return task;
  };

  return {
    create: (task: NewTask): string => {
      const id = randomBytes(16).toString('hex');
      tasks.set(id, { ...task, ...fated(task.createdAt, nextFate, rhythm), id, isDownloaded: false });
      nextFate = {};
      return id;
    },
    /** In the order in which they were created. */
    all: (now: number): ExportTask[] => [...tasks.values()].map((task) => seen(task, now)),
    find: (id: string, now: number): ExportTask | undefined => {
      const task = tasks.get(id);
      return task && seen(task, now);
    },
    /** Whether one of the project's is CREATING. */
    isOneRunning: (projectId: string, now: number): boolean =>
      [...tasks.values()].some(
        (task) => task.projectId === projectId && seen(task, now).status === 'CREATING',
      ),
    /** Gives a task another id. */
    rename: (id: string, newId: string): void => {
      const task = keptTask(id);
      tasks.delete(id);
      tasks.set(newId, { ...task, id: newId });
    },
    /** What is to become of the next task that is created. */
    setNextFate: (fate: Fate): void => {
      nextFate = fate;
    },
    fail: (id: string, failure: Failure): void => {
      keptTask(id).failure = failure;
    },
    expire: (id: string): void => {
      keptTask(id).expiresAt = Number.NEGATIVE_INFINITY;
    },
    markDownloaded: (id: string): void => {
      keptTask(id).isDownloaded = true;
    },
  };
}

function fated(createdAt: number, fate: Fate, rhythm: Rhythm) {
  const doneAt = createdAt + (fate.creatingSeconds ?? rhythm.creatingSeconds) * 1000;
  const { expiresAfterSeconds: after } = fate;
  return {
    doneAt,
    expiresAt: after === undefined ? doneAt + rhythm.expirySeconds * 1000 : createdAt + after * 1000,
    failure: fate.failure && { ...fate.failure, at: doneAt },
  };
}

function seen({ failure, doneAt, expiresAt, ...task }: Kept, now: number): ExportTask {
  const fileName = `user_connection_${task.id.slice(0, 8)}.csv`;
  if (failure && now >= failure.at) {
    const { reason, code, at } = failure;
    return { ...task, fileName, status: 'FAIL', endedAt: at, failReason: reason, errorCode: code };
  }
  if (now >= expiresAt) return { ...task, fileName, status: 'EXPIRED', endedAt: doneAt };
  if (now < doneAt) return { ...task, fileName, status: 'CREATING' };
  return { ...task, fileName, status: 'SUCCESS', endedAt: doneAt };
}

/** Counts the accepted exports, of all callers together, and refuses those beyond a quota. Without one all may pass. */
export function createExportQuota() {
  let quota: Quota | undefined;
  let accepted: number[] = [];

  return {
    /** Does the work of an export at `now`, unless that is one too many within the span that ends then. */
    meter: (now: number, work: () => Reply): Reply => {
      if (!quota) return work();
      const span = quota.per_seconds * 1000;
      // A scenario can set the clock back: what then lies in the future counts no more.
      accepted = accepted.filter((at) => at <= now && now < at + span);
      const [oldest] = accepted;
      if (oldest !== undefined && accepted.length >= quota.exports)
        return overQuotaReply(quota, Math.ceil((oldest + span - now) / 1000));
      const reply = work();
      if (reply.status === 200) accepted.push(now);
      return reply;
    },
    /** Replaces the quota and begins to count anew. */
    set: (replacement: Quota | undefined): void => {
      quota = replacement;
      accepted = [];
    },
  };
}
