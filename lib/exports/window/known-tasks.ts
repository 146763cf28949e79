import { MalformedReplyError } from '../../domain/errors.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { RETENTION } from '../../domain/time/retention.ts';
import type { Span } from '../../domain/time/spans.ts';
import type { Clock, ExportApi, Ledger } from '../../ports.ts';

/** For which windows the ledger names a task, by the task's id. */
export type TaskHolders = Map<string, Span[]>;

/** The export tasks that a run on one target knows. */
export type KnownTasks = {
  /** Adds the tasks of windows as they were read, before the rows change and no longer name them. */
  note(entries: readonly WindowEntry[]): void;
  /** The API; an order that Huawei answers with a known task throws a `MalformedReplyError`. */
  refuse(api: ExportApi): ExportApi;
};

/**
 * Prevents that one task counts as the export of two windows. Where an order is answered with the id of another order's task
 * (a replayed reply; "already running"), this order has no task, and its window would be confirmed without a file.
 */
export function knownTasks({ ledger, clock }: { ledger: Pick<Ledger, 'list'>; clock: Clock }): KnownTasks {
  const known: TaskHolders = new Map();
  let isRead = false;

  // Once in a run, before its first order: if the ledger failed after the order, the new task would be an orphan.
  const read = async (targetId: string) => {
    if (isRead) return;
    for (const [taskId, windows] of await taskHolders(ledger, targetId, clock())) known.set(taskId, windows);
    isRead = true;
  };

  return {
    note: (entries) => {
      for (const [taskId, windows] of holdersIn(entries)) known.set(taskId, windows);
    },
    refuse: (api) => ({
      ...api,
      submit: async (target, request, signal) => {
        await read(target.id);
        const task = await api.submit(target, request, signal);
        const [holder] = known.get(task.taskId) ?? [];
        if (holder) throw alreadyKnown(task.taskId, holder);
        known.set(task.taskId, [request.span]);
        return task;
      },
    }),
  };
}

/** Every task that the ledger names for a target's windows now, as far back as Huawei has records. */
export async function taskHolders(
  ledger: Pick<Ledger, 'list'>,
  targetId: string,
  now: Instant,
): Promise<TaskHolders> {
  return holdersIn(await ledger.list(targetId, now.subtract(RETENTION), { fresh: true }));
}

function holdersIn(entries: readonly WindowEntry[]): TaskHolders {
  const holders: TaskHolders = new Map();
  for (const { taskId, window } of entries)
    if (taskId !== undefined) holders.set(taskId, [...(holders.get(taskId) ?? []), window]);
  return holders;
}

function alreadyKnown(taskId: string, { start, end }: Span): MalformedReplyError {
  return new MalformedReplyError(
    `Huawei answered the order with the task ${taskId}, which it had named before, for ${start}/${end}. A task exports one ` +
      'window, so the task of this window is not known; it is ordered again.',
  );
}
