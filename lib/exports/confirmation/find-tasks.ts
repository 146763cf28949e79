import { asExportError, type ExportError } from '../../domain/errors.ts';
import type { ExportTask } from '../../domain/export-task.ts';
import { earliest, isBefore } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import type { ExportApi, TaskPage } from '../../ports.ts';

type Wanted = WindowEntry & { taskId: string };

/** What was found, by task id; and what ended the search before it was through, if anything did. */
export type FoundTasks = {
  found: Map<string, ExportTask>;
  /** How many tasks of the list could not be read. Any of them may be one that is looked for. */
  unreadable: number;
  error?: ExportError;
};

/**
 * The tasks of some windows in Huawei's task list. One page answers for many windows. Tasks that somebody has
 * downloaded may be hidden from the list of the others (Workspace ListExportTasks, `is_download`), so both lists are
 * looked through before a task is missing. Never throws: what a broken list did tell is true all the same.
 */
export async function findTasks(
  api: ExportApi,
  target: Target,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<FoundTasks> {
  const found = new Map<string, ExportTask>();
  let unreadable = 0;
  try {
    for await (const task of tasksAmong(api, target, wanted, signal)) {
      if (isUnreadable(task)) unreadable += 1;
      else found.set(task.taskId, task);
    }
    return { found, unreadable };
  } catch (thrown) {
    return { found, unreadable, error: asExportError(thrown) };
  }
}

/** The tasks that are looked for, and those that cannot be read. */
async function* tasksAmong(
  api: ExportApi,
  target: Target,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): AsyncGenerator<ExportTask> {
  const missing = new Set(wanted.map(({ taskId }) => taskId));
  const isOlder = olderThan(wanted);
  for (const isDownloaded of [false, true]) {
    let isLast = missing.size === 0;
    for (let offset = 0; !isLast; ) {
      const page = await api.listTasks(target, { isDownloaded, offset }, signal);
      yield* page.tasks.filter((task) => isUnreadable(task) || missing.delete(task.taskId));
      offset += page.tasks.length;
      isLast = missing.size === 0 || page.tasks.length === 0 || offset >= page.total || isOlder(page);
    }
  }
}

// In the place of a task that cannot be read stands one without an id.
function isUnreadable({ taskId }: ExportTask): boolean {
  return taskId === '';
}

/** Tasks are ordered after their window's end, so a page from before that has nothing, nor have the pages after it. */
function olderThan(wanted: readonly Wanted[]): (page: TaskPage) => boolean {
  const oldest = earliest(wanted.map(({ window }) => window.end))?.subtract({ hours: 1 });
  return ({ tasks }) => {
    const [newest, last] = [tasks[0]?.createdAt, tasks.at(-1)?.createdAt];
    if (!oldest || !newest || !last) return false;
    // A list that came in another order than asked for is read to its end.
    return !isBefore(newest, last) && isBefore(last, oldest);
  };
}
