import type { Instant } from '../domain/instant.ts';
import type { Target } from '../domain/target.ts';
import type { TaskSubmitted } from '../domain/task-submitted.ts';
import { runScheduledExport } from '../exports/run.ts';
import type { Clock, Observe } from '../ports.ts';
import { type LocalOptions, wireLocal } from '../wiring/local.ts';
import type { CommandContext } from './command.ts';
import { reportStatus } from './exit.ts';
import { narrate, summary } from './narrate.ts';

type ScheduledRun = {
  targets: readonly Target[];
  scheduledTime: Instant;
  scope: 'calendar' | 'rows';
  clock: Clock;
} & Pick<LocalOptions, 'state' | 'secrets'>;

/** Does the scheduled job once on this machine and shows what happens; says the exit status. */
export async function showScheduledRun(
  run: ScheduledRun,
  { screen, signal, exit }: CommandContext,
): Promise<void> {
  const { targets, scheduledTime } = run;
  const messages: TaskSubmitted[] = [];
  const observe: Observe = (event) => {
    if (event.type === 'window_announced') messages.push(event.message);
    narrate(screen, event);
  };
  const local = wireLocal({ ...run, observe });
  try {
    const trigger = { kind: 'command', scheduled_time: scheduledTime.toString() } as const;
    const report = await runScheduledExport(
      local.ports,
      { targets, scheduledTime, trigger, scope: run.scope },
      signal,
    );
    screen.document({ runs: report.targets, messages });
    screen.print(`\n${summary(report.targets)}`);
    showMessages(messages, screen);
    exit(reportStatus(report.targets));
  } finally {
    local.close();
  }
}

function showMessages([first, ...more]: readonly TaskSubmitted[], screen: CommandContext['screen']): void {
  if (!first || screen.json) return;
  screen.print(`\nThe message on the queue:\n${JSON.stringify(first, null, 2)}`);
  if (more.length > 0) screen.print(`… and ${more.length} more.`);
}
