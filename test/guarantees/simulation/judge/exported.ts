import type { ExportTask } from '../../../../lib/emulator/exports/export-tasks.ts';
import { PROJECT } from '../story/settings.ts';
import type { Sent } from '../world/deployment.ts';
import type { World } from '../world/world.ts';
import type { Stretch } from './intervals.ts';

/** A task that covers login records, by what Huawei saw of it; `sentAt`: when its message was on the queue. */
export type Export = { task: ExportTask; sent: Sent; covers: Stretch };

/** The exports for the calendar whose message is on the queue, however their tasks ended. */
export function exportsOf({ emulator, home }: World): Export[] {
  const tasks = new Map(emulator.tasks().map((task) => [task.id, task]));
  return home.sent().flatMap((sent) => {
    const task = tasks.get(sent.message.data.task_id);
    const isCalendar = sent.message.data.reason !== 'alert' && task?.projectId === PROJECT.id;
    return task && isCalendar ? [{ task, sent, covers: coveredBy(task, sent) }] : [];
  });
}

/** What was exported well by now: each task from its start to the earlier of its end and its creation. */
export function covered(world: World, exports: readonly Export[] = exportsOf(world)): Stretch[] {
  const confirmed = confirmedTasks(world);
  return exports.filter(({ task }) => endedWell(world, task, confirmed)).map(({ covers }) => covers);
}

/** What is exported, or will be once Huawei is done. */
export function coveredSoon(world: World): Stretch[] {
  const exports = exportsOf(world);
  const underWay = exports.filter(({ task }) => task.status === 'CREATING').map(({ covers }) => covers);
  return [...covered(world, exports), ...underWay];
}

/** Ids of the tasks that the program has said are confirmed. */
export function confirmedTasks({ heard }: World): Set<string> {
  return new Set(
    heard.flatMap(({ events }) =>
      events.flatMap((event) => (event.type === 'window_confirmed' ? [event.taskId] : [])),
    ),
  );
}

// What expired after it was seen to be there was there to be fetched.
function endedWell({ perhapsNoted }: World, task: ExportTask, confirmed: ReadonlySet<string>): boolean {
  if (task.status === 'SUCCESS') return true;
  if (task.status !== 'EXPIRED') return false;
  return task.isDownloaded || confirmed.has(task.id) || perhapsNoted.has(task.id);
}

// The overlap before a window is not counted: it is there for records that came late.
function coveredBy({ query, createdAt }: ExportTask, { message }: Sent): Stretch {
  const { start, end } = message.data.window;
  return [Math.max(Date.parse(start), query.start), Math.min(Date.parse(end), query.end, createdAt)];
}
