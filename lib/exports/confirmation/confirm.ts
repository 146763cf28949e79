import pMap from 'p-map';
import { type ExportError, MalformedReplyError, NeverConfirmedError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { type Instant, isAfter } from '../../domain/time/instant.ts';
import { type Span, spanName } from '../../domain/time/spans.ts';
import type { Observe } from '../../ports.ts';
import type { RunPorts } from '../../run-ports.ts';
import { type TaskHolders, taskHolders } from '../window/known-tasks.ts';
import type { WindowResult } from '../window/report.ts';
import { type FoundTasks, findTasks } from './find-tasks.ts';
import {
  endsBadly,
  isPublished,
  type Judged,
  noteVerdict,
  type Published,
  verdictOn,
} from './note-verdict.ts';
import { tellOverdue } from './tell-overdue.ts';

/** The entries of a target as they now are, and what the report should say of them. */
export type Confirmation = {
  entries: WindowEntry[];
  verdicts: WindowResult[];
  /** The task list answered, be it with a refusal; or nothing was to be asked. */
  isAnswered: boolean;
  /** Why the task list could not be had, if it may answer a later run. */
  outage?: ExportError;
};

type Input = {
  target: Target;
  entries: readonly WindowEntry[];
  /** Windows that end by then and have no answer are told as never confirmed. Absent: none are. */
  cutoff?: Instant | undefined;
  /** Is awaited before it is written of these windows that they ended for good, and badly. */
  beforeFinal?: (windows: readonly Span[]) => Promise<void>;
};

const WRITES_AT_ONCE = 8;

/**
 * Asks Huawei's task list what became of the published tasks, and notes it in the ledger: `confirmed`, or `failed`,
 * which makes it a gap again. A list that cannot be had leaves the windows published, and says so. Of what it does not
 * know although it answers people are told after a day; that, and what it may not be asked, is never confirmed once the 30
 * days are over.
 */
export async function confirmTasks(
  ports: RunPorts,
  { target, entries, cutoff, beforeFinal }: Input,
  signal: AbortSignal,
): Promise<Confirmation> {
  const published = entries.filter(isPublished);
  const search = await tasksOf(ports, target, published, signal);
  const outage = search.error && !isFinal(search.error) ? search.error : undefined;
  const isOver = ({ window }: Published) =>
    cutoff !== undefined && !isAfter(window.end, cutoff) && !outage && !signal.aborted;
  const judged = published.flatMap((entry): Judged[] => {
    const task = search.found.get(entry.taskId);
    const ended = task && verdictOn(task);
    const verdict = ended ?? (isOver(entry) ? neverConfirmed(whyOpen(entry, search)) : undefined);
    return verdict ? [{ entry, verdict, task, isTimeKnown: cutoff !== undefined }] : [];
  });
  const checked = await refuseShared(ports, target, judged);
  await beforeFinal?.(checked.filter((one) => endsBadly(one, target)).map(({ entry }) => entry.window));
  const isJudged = new Set<WindowEntry>(checked.map(({ entry }) => entry));
  const open = published
    .filter((entry) => !isJudged.has(entry))
    .map((entry) => ({ entry, why: whyOpen(entry, search) }));
  // By a clock of ours alone nothing is late, and a list that did not answer says nothing of a task.
  const isTelling = cutoff !== undefined && !search.error && !signal.aborted;
  const noted = [
    ...(await pMap(checked, (one) => noteVerdict(ports, target, one), { concurrency: WRITES_AT_ONCE })),
    ...(isTelling ? await tellOverdue(ports, target, open) : []),
  ];
  const changed = new Map<WindowEntry, WindowEntry>(noted.map(({ before, entry }) => [before, entry]));
  return {
    entries: entries.map((entry) => changed.get(entry) ?? entry),
    verdicts: noted.flatMap(({ result }) => result ?? []),
    isAnswered: !outage && !signal.aborted,
    ...(outage && !signal.aborted ? { outage } : {}),
  };
}

// A list that is down will answer a later run; one that may not be asked will not.
function isFinal({ kind }: ExportError): boolean {
  return kind === 'refused';
}

function neverConfirmed(why: string): NeverConfirmedError {
  return new NeverConfirmedError(
    `${why}, and Huawei no longer keeps the records: whether its file was complete, nobody can say. Check that whoever ` +
      'reads the queue has fetched it.',
  );
}

async function tasksOf(
  { api, observe }: RunPorts,
  target: Target,
  published: readonly Published[],
  signal: AbortSignal,
): Promise<FoundTasks> {
  if (published.length === 0 || signal.aborted) return { found: new Map(), unreadable: 0 };
  const search = await findTasks(api, target, published, signal);
  tellUnclear(observe, { target, published, search });
  return search;
}

/**
 * Lets no window be confirmed by a task that the ledger names for another window, too. A run refuses such a task when it
 * orders; of two runs at once neither knows what the other was given.
 */
async function refuseShared(
  { ledger, clock }: Pick<RunPorts, 'ledger' | 'clock'>,
  { id }: Target,
  judged: readonly Judged[],
): Promise<Judged[]> {
  if (judged.every(({ verdict }) => verdict !== 'fetched')) return [...judged];
  const holders = await taskHolders(ledger, id, clock());
  return judged.map((one) => (one.verdict === 'fetched' ? checked(one, holders) : one));
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
      'most, and nobody can say which, so those that are not confirmed are ordered again.',
  );
}

/** Why nobody knows how a window's task ended, as a sentence without its end. */
function whyOpen({ taskId }: Published, { found, unreadable, error }: FoundTasks): string {
  const task = found.get(taskId);
  if (task?.status === 'OTHER')
    return `Huawei's task list says "${task.unknownStatus}" of task ${taskId}, which this release does not know`;
  if (task) return `Huawei's task list still says ${task.status} of task ${taskId}`;
  if (error) return `Huawei's task list never said how task ${taskId} ended`;
  const others = unreadable > 0 ? `; ${unreadable} of its tasks cannot be read` : '';
  return `Task ${taskId} is not in Huawei's task list, although the list answers${others}`;
}

type Asked = { target: Target; published: readonly Published[]; search: FoundTasks };

/** Tells of what the list says that this release cannot make anything of, or why it could not be had. */
function tellUnclear(observe: Observe, { target, published, search }: Asked): void {
  const { found, unreadable, error } = search;
  const missing = published.length - found.size;
  if (error) observe({ type: 'tasks_unknown', targetId: target.id, windows: missing, error });
  for (const [status, windows] of unknownStatuses(search)) {
    const why = `Huawei's task list says "${status}", which this release does not know`;
    observe({ type: 'tasks_unclear', targetId: target.id, windows, why });
  }
  if (missing > 0 && unreadable > 0 && !error) {
    const why = `they are not in Huawei's task list, of which ${unreadable} ${unreadable === 1 ? 'task' : 'tasks'} cannot be read`;
    observe({ type: 'tasks_unclear', targetId: target.id, windows: missing, why });
  }
}

function unknownStatuses({ found }: FoundTasks): Map<string, number> {
  const statuses = new Map<string, number>();
  for (const { status, unknownStatus = '' } of found.values())
    if (status === 'OTHER') statuses.set(unknownStatus, (statuses.get(unknownStatus) ?? 0) + 1);
  return statuses;
}
