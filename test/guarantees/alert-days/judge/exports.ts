import type { ExportTask } from '../../../../lib/emulator/exports/export-tasks.ts';
import type { Interval } from '../../simulation/judge/intervals.ts';
import { MINUTE } from '../../simulation/story/durations.ts';
import type { World } from '../world.ts';

/** A task at Huawei whose message is on the queue. */
export type Export = {
  task: ExportTask;
  messageId: string;
  isOfAlerts: boolean;
  address: string | undefined;
  window: Interval;
  /** The time whose records are all in the file: it ends `DELAY` before the task was created. */
  covers: Interval;
};

/** How late records can come: the `delay` of the targets. */
export const DELAY = 30 * MINUTE;

export async function exportsOf(world: World): Promise<Export[]> {
  const tasks = new Map(world.emulator.tasks().map((task) => [task.id, task]));
  return (await world.messages()).map(({ id, data }) => {
    const task = tasks.get(data.task_id);
    if (!task) throw new Error(`A message names the task ${data.task_id}, which Huawei does not have.`);
    const window: Interval = [
      Math.max(Date.parse(data.window.start), task.query.start),
      Math.min(Date.parse(data.window.end), task.query.end),
    ];
    return {
      ...{ task, messageId: id, window },
      isOfAlerts: data.reason === 'alert',
      address: data.request.filters['public_ip'],
      covers: [window[0], Math.min(window[1], task.createdAt - DELAY)],
    };
  });
}

/** Whether an export has the records of an address. */
export function has({ address }: Pick<Export, 'address'>, wanted: string | undefined): boolean {
  return address === undefined || address === wanted;
}
