import { randomBytes } from 'node:crypto';
import type { Caller } from '../iam/authn.ts';
import type { LoginQuery } from '../logins/login-query.ts';

export type TaskStatus = 'CREATING' | 'SUCCESS' | 'FAIL' | 'EXPIRED';

/** An export task in its present state. Times are in milliseconds since the epoch. */
export type ExportTask = {
  id: string;
  projectId: string;
  createdAt: number;
  createdBy: Caller;
  query: LoginQuery;
  fileName: string;
  status: TaskStatus;
  endedAt?: number | undefined;
  failReason?: string | undefined;
  errorCode?: string | undefined;
  isDownloaded: boolean;
};

type NewTask = Pick<ExportTask, 'projectId' | 'createdAt' | 'createdBy' | 'query'>;
type Failure = { reason: string; code: string; at: number };
type StoredTask = NewTask & {
  id: string;
  /** The end of CREATING. */
  doneAt: number;
  failure?: Failure | undefined;
  expiresAt: number;
  isDownloaded: boolean;
};

/** The planned outcome of a task; times are in seconds after its creation. Absent fields: as for every other task. */
export type PlannedOutcome = {
  creatingSeconds?: number | undefined;
  /** The task fails with this at the end of CREATING. */
  failure?: { reason: string; code: string } | undefined;
  expiresAfterSeconds?: number | undefined;
};

type Durations = { creatingSeconds: number; expirySeconds: number };

/** The export tasks of all projects. The state of a task follows from the present time. */
export function createExportTasks(durations: Durations) {
  const tasks = new Map<string, StoredTask>();
  let nextOutcome: PlannedOutcome = {};

  const storedTask = (id: string): StoredTask => {
    const task = tasks.get(id);
    if (!task) throw new Error(`No export task has the id "${id}".`);
    return task;
  };

  return {
    create: (task: NewTask): string => {
      const id = randomBytes(16).toString('hex');
      tasks.set(id, { ...task, ...planned(task.createdAt, nextOutcome, durations), id, isDownloaded: false });
      nextOutcome = {};
      return id;
    },
    /** In the order in which they were created. */
    all: (now: number): ExportTask[] => [...tasks.values()].map((task) => stateAt(task, now)),
    find: (id: string, now: number): ExportTask | undefined => {
      const task = tasks.get(id);
      return task && stateAt(task, now);
    },
    /** Whether a task of the project is CREATING. */
    isOneRunning: (projectId: string, now: number): boolean =>
      [...tasks.values()].some(
        (task) => task.projectId === projectId && stateAt(task, now).status === 'CREATING',
      ),
    /** Gives a task another id. */
    rename: (id: string, newId: string): void => {
      const task = storedTask(id);
      tasks.delete(id);
      tasks.set(newId, { ...task, id: newId });
    },
    /** Plans the outcome of the next task that is created. */
    planNext: (outcome: PlannedOutcome): void => {
      nextOutcome = outcome;
    },
    fail: (id: string, failure: Failure): void => {
      storedTask(id).failure = failure;
    },
    expire: (id: string): void => {
      storedTask(id).expiresAt = Number.NEGATIVE_INFINITY;
    },
    markDownloaded: (id: string): void => {
      storedTask(id).isDownloaded = true;
    },
  };
}

function planned(createdAt: number, outcome: PlannedOutcome, durations: Durations) {
  const doneAt = createdAt + (outcome.creatingSeconds ?? durations.creatingSeconds) * 1000;
  const { expiresAfterSeconds: after } = outcome;
  return {
    doneAt,
    expiresAt: after === undefined ? doneAt + durations.expirySeconds * 1000 : createdAt + after * 1000,
    failure: outcome.failure && { ...outcome.failure, at: doneAt },
  };
}

function stateAt({ failure, doneAt, expiresAt, ...task }: StoredTask, now: number): ExportTask {
  const fileName = `user_connection_${task.id.slice(0, 8)}.csv`;
  if (failure && now >= failure.at) {
    const { reason, code, at } = failure;
    return { ...task, fileName, status: 'FAIL', endedAt: at, failReason: reason, errorCode: code };
  }
  if (now >= expiresAt) return { ...task, fileName, status: 'EXPIRED', endedAt: doneAt };
  if (now < doneAt) return { ...task, fileName, status: 'CREATING' };
  return { ...task, fileName, status: 'SUCCESS', endedAt: doneAt };
}
