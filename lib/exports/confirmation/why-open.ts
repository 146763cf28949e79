import type { Target } from '../../domain/target.ts';
import type { Observe } from '../../ports.ts';
import type { FoundTasks } from './find-tasks.ts';
import type { Published } from './note-verdict.ts';

/** Why nobody knows how a window's task ended, as a sentence without its end. */
export function whyOpen({ taskId }: Published, { found, unreadable, error }: FoundTasks): string {
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
export function tellUnclear(observe: Observe, { target, published, search }: Asked): void {
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
