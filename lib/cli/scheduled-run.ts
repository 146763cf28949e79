import type { Instant } from '../domain/instant.ts';
import type { Target } from '../domain/target.ts';
import type { TaskSubmitted } from '../domain/task-submitted.ts';
import type { ServicePorts } from '../exports/run-ports.ts';
import { runScheduledExport } from '../exports/scheduled/run.ts';
import type { Observe } from '../ports.ts';
import type { LocalOptions } from '../wiring/local.ts';
import type { CommandContext } from './command.ts';
import { showLocalWork } from './local-work.ts';
import { printEvent } from './print-event.ts';
import { createWaitForOthers } from './wait-for-others.ts';

type ScheduledRun = {
  targets: readonly Target[];
  /** Absent: Huawei's now. */
  scheduledTime?: Instant | undefined;
  sweep: boolean;
} & Pick<LocalOptions, 'state' | 'secrets' | 'clock' | 'isRehearsal'>;

/** Does the scheduled job once on this machine and shows what happens; says the exit status. */
export async function showScheduledRun(run: ScheduledRun, context: CommandContext): Promise<void> {
  const { targets, scheduledTime, sweep, ...local } = run;
  const { screen, signal } = context;
  const input = { targets, scheduledTime, sweep, trigger: { kind: 'command' } } as const;
  const tell: Observe = (event) => printEvent(screen, event);
  const waitForOthers = createWaitForOthers(screen.print);
  const work = async (ports: ServicePorts) =>
    (await runScheduledExport({ ...ports, waitForOthers }, input, signal)).targets;
  const { messages } = await showLocalWork({ ...local, tell, work }, context);
  showMessages(messages, screen);
}

/** Shows the first of the messages that were sent. */
export function showMessages(
  [first, ...more]: readonly TaskSubmitted[],
  screen: CommandContext['screen'],
): void {
  if (!first || screen.json) return;
  screen.print(`\nThe message on the queue:\n${JSON.stringify(first, null, 2)}`);
  if (more.length > 0) screen.print(`… and ${more.length} more.`);
}
