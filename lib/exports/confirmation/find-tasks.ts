import {
  asExportError,
  type ExportError,
  MalformedReplyError,
  UnavailableError,
} from '../../domain/errors.ts';
import type { ExportTask } from '../../domain/exports/export-task.ts';
import type { Target } from '../../domain/input/target.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, isBefore } from '../../domain/time/instant.ts';
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
  const search: Read = { found: new Map(), unreadable: 0, pages: 0 };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_SECONDS * 1_000)]);
  try {
    for await (const tasks of pagesOf(api, target, wanted, limit)) note(search, tasks);
    return search;
  } catch (thrown) {
    const isTimeOver = limit.aborted && !signal.aborted;
    return { ...search, error: isTimeOver ? timeOver(search.pages) : asExportError(thrown) };
  }
}

type Read = FoundTasks & { pages: number };

function note(search: Read, tasks: readonly ExportTask[]): void {
  if (search.pages === MOST_PAGES) throw new MalformedReplyError(`${abandoned(search.pages)}.`);
  search.pages += 1;
  search.unreadable += tasks.filter(isUnreadable).length;
  for (const task of tasks) if (!isUnreadable(task)) search.found.set(task.taskId, task);
}

// The list must not use up the time that the exports need.
const LIMIT_SECONDS = 60;

// 30,000 tasks of a hundred a page: ten times what a target orders in 30 days of quarter hours.
const MOST_PAGES = 300;

function abandoned(pages: number): string {
  return `Huawei's list of export tasks was abandoned after ${pages} ${pages === 1 ? 'page' : 'pages'}, which did not end it`;
}

function timeOver(pages: number): UnavailableError {
  return new UnavailableError(`${abandoned(pages)} in ${LIMIT_SECONDS} seconds.`, { reason: 'timeout' });
}

/** Page by page the tasks that are looked for, and those that cannot be read. */
async function* pagesOf(
  api: ExportApi,
  target: Target,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): AsyncGenerator<ExportTask[]> {
  const missing = new Set(wanted.map(({ taskId }) => taskId));
  const isOlder = olderThan(wanted);
  for (const isDownloaded of [false, true]) {
    let isLast = missing.size === 0;
    for (let offset = 0; !isLast; ) {
      const page = await api.listTasks(target, { isDownloaded, offset }, signal);
      offset += page.tasks.length;
      const tasks = page.tasks.filter((task) => isUnreadable(task) || missing.delete(task.taskId));
      isLast = missing.size === 0 || page.tasks.length === 0 || offset >= page.total || isOlder(page);
      yield tasks;
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
