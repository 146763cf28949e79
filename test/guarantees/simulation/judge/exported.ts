import type { ExportTask } from '../../../../lib/emulator/exports/export-tasks.ts';
import { PROJECT } from '../story/settings.ts';
import type { Sent } from '../world/deployment.ts';
import type { World } from '../world/world.ts';
import type { Interval } from './intervals.ts';

/** An export: its task at Huawei, its message on the queue, and the time that it covers. */
export type Export = { task: ExportTask; sent: Sent; covers: Interval };

/** The exports of the calendar with a message on the queue, with any end of their tasks. */
export function exportsOf({ emulator, deployment }: World): Export[] {
  const tasks = new Map(emulator.tasks().map((task) => [task.id, task]));
  return deployment.sent().flatMap((sent) => {
    const task = tasks.get(sent.message.data.task_id);
    const isCalendar = sent.message.data.reason !== 'alert' && task?.projectId === PROJECT.id;
    return task && isCalendar ? [{ task, sent, covers: coveredBy(task, sent) }] : [];
  });
}

/** The time of exports that succeeded: each from its start to the earlier of its end and the creation of its task. */
export function covered(world: World, exports: readonly Export[] = exportsOf(world)): Interval[] {
  const confirmed = confirmedTasks(world);
  return exports.filter(({ task }) => hasSucceeded(world, task, confirmed)).map(({ covers }) => covers);
}

/** The time that is exported, or will be when the running tasks have ended. */
export function coveredSoon(world: World): Interval[] {
  const exports = exportsOf(world);
  const underWay = exports.filter(({ task }) => task.status === 'CREATING').map(({ covers }) => covers);
  return [...covered(world, exports), ...underWay];
}

/** Ids of the tasks that the program has reported as confirmed. */
export function confirmedTasks({ observed }: World): Set<string> {
  return new Set(
    observed.flatMap(({ events }) =>
      events.flatMap((event) => (event.type === 'window_confirmed' ? [event.taskId] : [])),
    ),
  );
}

// A task that expired after it was seen with SUCCESS has succeeded: its file could be fetched.
function hasSucceeded({ maybeConfirmed }: World, task: ExportTask, confirmed: ReadonlySet<string>): boolean {
  if (task.status === 'SUCCESS') return true;
  if (task.status !== 'EXPIRED') return false;
  return task.isDownloaded || confirmed.has(task.id) || maybeConfirmed.has(task.id);
}

// The overlap before a window does not count: it is for records that come late.
function coveredBy({ query, createdAt }: ExportTask, { message }: Sent): Interval {
  const { start, end } = message.data.window;
  return [Math.max(Date.parse(start), query.start), Math.min(Date.parse(end), query.end, createdAt)];
}
