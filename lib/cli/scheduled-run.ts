import type { Instant } from '../domain/instant.ts';
import type { Target } from '../domain/target.ts';
import type { TaskSubmitted } from '../domain/task-submitted.ts';
import { runScheduledExport } from '../exports/scheduled/run.ts';
import type { Clock, Observe } from '../ports.ts';
import type { LocalOptions } from '../wiring/local.ts';
import type { CommandContext } from './command.ts';
import { showLocalWork } from './local-work.ts';
import { narrate } from './narrate.ts';

type ScheduledRun = {
  targets: readonly Target[];
  scheduledTime: Instant;
  scope: 'calendar' | 'rows';
  clock: Clock;
} & Pick<LocalOptions, 'state' | 'secrets'>;

/** Does the scheduled job once on this machine and shows what happens; says the exit status. */
export async function showScheduledRun(run: ScheduledRun, context: CommandContext): Promise<void> {
  const { targets, scheduledTime, scope } = run;
  const { screen, signal } = context;
  const trigger = { kind: 'command', scheduled_time: scheduledTime.toString() } as const;
  const demand = { targets, scheduledTime, trigger, scope };
  const tell: Observe = (event) => narrate(screen, event);
  const work = async (ports: Parameters<typeof runScheduledExport>[0]) =>
    (await runScheduledExport(ports, demand, signal)).targets;
  const { messages } = await showLocalWork({ ...run, tell, work }, context);
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
