import pMap from 'p-map';
import { type ExportError, MalformedReplyError } from '../../domain/errors.ts';
import { NeverConfirmedError } from '../../domain/exports/task-errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { type Instant, isAfter } from '../../domain/time/instant.ts';
import { type Span, spanName } from '../../domain/time/spans.ts';
import type { Observe } from '../../ports.ts';
import type { RunPorts } from '../../run-ports.ts';
import { type TaskHolders, taskHolders } from '../window/known-tasks.ts';
import type { WindowResult } from '../window/outcome.ts';
import { createTaskSearch, type FoundTasks, type TaskSearch } from './find-tasks.ts';
import { endsBadly, type Judged, recordVerdict } from './record-verdict.ts';
import { reportOverdue } from './report-overdue.ts';
import { isUnconfirmed, type Unconfirmed } from './unconfirmed.ts';
import { verdictOn } from './verdict.ts';

/** The entries of a target as they are now, and the results for the run's report. */
export type Confirmation = {
  entries: WindowEntry[];
  verdicts: WindowResult[];
  /** The task list answered, even if with a refusal; or there was nothing to ask. */
  isAnswered: boolean;
  /** Why the task list could not be read, where it may answer a later run. */
  outage?: ExportError;
};

type Input = {
  target: Target;
  entries: readonly WindowEntry[];
  /** Unconfirmed windows that end by then are reported as never confirmed. Absent: none are. */
  cutoff?: Instant | undefined;
  /** Is awaited before it is recorded that these windows ended badly permanently. */
  beforeFinal?: (windows: readonly Span[]) => Promise<void>;
  /** The search that the run shares; absent: a search of its own. */
  search?: TaskSearch;
};

/**
 * Asks Huawei's task list how the published tasks ended, and records that in the ledger: `confirmed`, or `failed`, which
 * makes the window a gap again. Where the list cannot be read, the windows stay published, and the outage is reported. A
 * window whose end the list does not show is reported after a day. After 30 days it is never confirmed.
 */
export async function confirmTasks(
  ports: RunPorts,
  { target, entries, cutoff, beforeFinal, search = createTaskSearch(target, []) }: Input,
  signal: AbortSignal,
): Promise<Confirmation> {
  const published = entries.filter(isUnconfirmed);
  const tasks = await tasksOf(ports, { target, published, search }, signal);
  const outage = tasks.error && !isRefusal(tasks.error) ? tasks.error : undefined;
  const isOver = ({ window }: Unconfirmed) =>
    cutoff !== undefined && !isAfter(window.end, cutoff) && !outage && !signal.aborted;
  const judged = published.flatMap((entry): Judged[] => {
    const task = tasks.found.get(entry.taskId);
    const ended = task && verdictOn(task);
    const verdict = ended ?? (isOver(entry) ? neverConfirmed(whyOpen(entry, tasks)) : undefined);
    return verdict ? [{ entry, verdict, task, isTimeKnown: cutoff !== undefined }] : [];
  });
  const checked = await refuseShared(ports, target, judged);
  await beforeFinal?.(checked.filter((one) => endsBadly(one, target)).map(({ entry }) => entry.window));
  const isJudged = new Set<WindowEntry>(checked.map(({ entry }) => entry));
  const unanswered = published
    .filter((entry) => !isJudged.has(entry))
    .map((entry) => ({ entry, why: whyOpen(entry, tasks) }));
  // Our own clock cannot show that a window is overdue, and a list that did not answer says nothing of a task.
  const mayReport = cutoff !== undefined && !tasks.error && !signal.aborted;
  const recorded = [
    ...(await pMap(checked, (one) => recordVerdict(ports, target, one), { concurrency: WRITES_AT_ONCE })),
    ...(mayReport ? await reportOverdue(ports, target, unanswered) : []),
  ];
  const changed = new Map<WindowEntry, WindowEntry>(recorded.map(({ before, entry }) => [before, entry]));
  return {
    entries: entries.map((entry) => changed.get(entry) ?? entry),
    verdicts: recorded.flatMap(({ result }) => result ?? []),
    isAnswered: !outage && !signal.aborted,
    ...(outage && !signal.aborted ? { outage } : {}),
  };
}

const WRITES_AT_ONCE = 8;

// A list that is down may answer a later run. A refusal stays.
function isRefusal({ kind }: ExportError): boolean {
  return kind === 'refused';
}

function neverConfirmed(why: string): NeverConfirmedError {
  return new NeverConfirmedError(
    `${why}, and Huawei no longer keeps the records: it is not known whether its file was complete. Check that ` +
      'whoever reads the queue has fetched it.',
  );
}

type Wanted = { target: Target; published: readonly Unconfirmed[]; search: TaskSearch };

async function tasksOf(
  { api, observe }: RunPorts,
  { target, published, search }: Wanted,
  signal: AbortSignal,
): Promise<FoundTasks> {
  if (published.length === 0 || signal.aborted) return { found: new Map(), unreadable: 0 };
  const tasks = await search(api, published, signal);
  reportUnclear(observe, { target, published, tasks });
  return tasks;
}

/**
 * Confirms no window by a task that the ledger names for another window, too. A run refuses such a task when it orders,
 * but two runs at the same time do not know each other's tasks.
 */
async function refuseShared(
  { ledger, clock }: Pick<RunPorts, 'ledger' | 'clock'>,
  { id }: Target,
  judged: readonly Judged[],
): Promise<Judged[]> {
  if (judged.every(({ verdict }) => verdict !== 'succeeded')) return [...judged];
  const holders = await taskHolders(ledger, id, clock());
  return judged.map((one) => (one.verdict === 'succeeded' ? checked(one, holders) : one));
}

function checked(judged: Judged, holders: TaskHolders): Judged {
  const { taskId } = judged.entry;
  const windows = holders.get(taskId) ?? [];
  return windows.length > 1 ? { ...judged, verdict: sharedTask(taskId, windows) } : judged;
}

const MOST_NAMED = 3;

function sharedTask(taskId: string, windows: readonly Span[]): MalformedReplyError {
  const others = windows.length - MOST_NAMED;
  const named = [
    ...windows.slice(0, MOST_NAMED).map(spanName),
    ...(others > 0 ? [`and ${others} more`] : []),
  ];
  return new MalformedReplyError(
    `Huawei named one task, ${taskId}, for ${windows.length} windows: ${named.join(', ')}. It exports one of them at the ` +
      'most, and it is not known which, so the others are ordered again.',
  );
}

/** Why it is not known how a window's task ended, as the beginning of a sentence. */
function whyOpen({ taskId }: Unconfirmed, { found, unreadable, error }: FoundTasks): string {
  const task = found.get(taskId);
  if (task?.status === 'OTHER')
    return `Huawei's task list says "${task.unknownStatus}" of task ${taskId}, which this release does not know`;
  if (task) return `Huawei's task list still says ${task.status} of task ${taskId}`;
  if (error) return `Huawei's task list never said how task ${taskId} ended`;
  const others = unreadable > 0 ? `; ${unreadable} of its tasks cannot be read` : '';
  return `Task ${taskId} is not in Huawei's task list, although the list answers${others}`;
}

type Searched = { target: Target; published: readonly Unconfirmed[]; tasks: FoundTasks };

/** Reports what the list says that this release does not know, or why the list could not be read. */
function reportUnclear(observe: Observe, { target, published, tasks }: Searched): void {
  const { found, unreadable, error } = tasks;
  const missing = published.filter(({ taskId }) => !found.has(taskId)).length;
  if (error) observe({ type: 'tasks_unknown', targetId: target.id, windows: missing, error });
  for (const [status, windows] of unknownStatuses(published, tasks)) {
    const why = `Huawei's task list says "${status}", which this release does not know`;
    observe({ type: 'tasks_unclear', targetId: target.id, windows, why });
  }
  if (missing > 0 && unreadable > 0 && !error) {
    const why = `they are not in Huawei's task list, of which ${unreadable} ${unreadable === 1 ? 'task' : 'tasks'} cannot be read`;
    observe({ type: 'tasks_unclear', targetId: target.id, windows: missing, why });
  }
}

function unknownStatuses(published: readonly Unconfirmed[], { found }: FoundTasks): Map<string, number> {
  const statuses = new Map<string, number>();
  for (const taskId of new Set(published.map((entry) => entry.taskId))) {
    const { status, unknownStatus = '' } = found.get(taskId) ?? {};
    if (status === 'OTHER') statuses.set(unknownStatus, (statuses.get(unknownStatus) ?? 0) + 1);
  }
  return statuses;
}
