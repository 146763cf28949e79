import {
  asExportError,
  type ExportError,
  MalformedReplyError,
  UnavailableError,
} from '../../domain/errors.ts';
import type { ExportTask } from '../../domain/exports/export-task.ts';
import type { Target } from '../../domain/input/target.ts';
import { earliest, isBefore } from '../../domain/time/instant.ts';
import type { ExportApi, TaskPage } from '../../ports.ts';
import type { Unconfirmed } from './unconfirmed.ts';

/** One search of the task list for a target and a run, handed on to all who want tasks of it. */
export type TaskSearch = (
  api: ExportApi,
  wanted: readonly Unconfirmed[],
  signal: AbortSignal,
) => Promise<FoundTasks>;

/** What was found, by task id; and what ended the search early, if anything did. */
export type FoundTasks = {
  found: Map<string, ExportTask>;
  /** How many tasks of the list could not be read. Any of them may be a wanted one. */
  unreadable: number;
  error?: ExportError;
};

/**
 * Searches once for the tasks of `open` and of the windows that are wanted first. A second search is made only where other
 * windows are wanted later, or where the first one ended early.
 */
export function createTaskSearch(target: Target, open: readonly Unconfirmed[]): TaskSearch {
  let searched = new Set<string>();
  let result: FoundTasks | undefined;
  return async (api, wanted, signal) => {
    if (!result || result.error || wanted.some(({ taskId }) => !searched.has(taskId))) {
      const all = [...new Map([...open, ...wanted].map((one) => [one.taskId, one])).values()];
      searched = new Set(all.map(({ taskId }) => taskId));
      result = await findTasks(api, target, all, signal);
    }
    return answerFor(wanted, result);
  };
}

// A search that ended early is no failure for whoever has an answer for each window all the same.
function answerFor(wanted: readonly Unconfirmed[], result: FoundTasks): FoundTasks {
  const { error, ...answered } = result;
  return wanted.every(({ taskId }) => answered.found.has(taskId)) ? answered : result;
}

/**
 * Finds the tasks of some windows in Huawei's task list. One page answers for many windows. Downloaded tasks may be
 * hidden from the list of the others (Workspace ListExportTasks, `is_download`), so a task is missing only when neither
 * list has it. Never throws: what was found before an error is true all the same.
 */
export async function findTasks(
  api: ExportApi,
  target: Target,
  wanted: readonly Unconfirmed[],
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

// The search must not use up the time that the exports need.
const LIMIT_SECONDS = 60;

// 300 pages of 100 tasks: ten times what a target orders in 30 days of quarter hours.
const MOST_PAGES = 300;

function abandoned(pages: number): string {
  return `Huawei's list of export tasks was abandoned after ${pages} ${pages === 1 ? 'page' : 'pages'}, which did not end it`;
}

function timeOver(pages: number): UnavailableError {
  return new UnavailableError(`${abandoned(pages)} in ${LIMIT_SECONDS} seconds.`, { reason: 'timeout' });
}

/** Page by page, the wanted tasks and those that cannot be read. */
async function* pagesOf(
  api: ExportApi,
  target: Target,
  wanted: readonly Unconfirmed[],
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

// A task that cannot be read has no id.
function isUnreadable({ taskId }: ExportTask): boolean {
  return taskId === '';
}

/** Tasks are ordered after their window's end, so a page of older tasks has no wanted task, nor has any page after it. */
function olderThan(wanted: readonly Unconfirmed[]): (page: TaskPage) => boolean {
  const oldest = earliest(wanted.map(({ window }) => window.end))?.subtract({ hours: 1 });
  return ({ tasks }) => {
    const [newest, last] = [tasks[0]?.createdAt, tasks.at(-1)?.createdAt];
    if (!oldest || !newest || !last) return false;
    // A list in another order than the documented one is read to its end.
    return !isBefore(newest, last) && isBefore(last, oldest);
  };
}
