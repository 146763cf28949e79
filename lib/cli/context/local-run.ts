import { setTimeout as wait } from 'node:timers/promises';
import type { TaskSubmitted } from '../../domain/exports/message.ts';
import { readProxies } from '../../domain/input/proxies.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { runScheduledExport } from '../../exports/scheduled-run.ts';
import type { TargetReport } from '../../exports/window/report.ts';
import type { Observe } from '../../ports.ts';
import type { ServicePorts, WaitForOthers } from '../../run-ports.ts';
import { type LocalOptions, wireLocal } from '../../wiring/local.ts';
import { count } from '../output/format.ts';
import { fitted } from '../output/text.ts';
import { printEvent, summary } from '../views/events.ts';
import type { CommandContext } from './command.ts';
import { reportStatus } from './exit.ts';

type LocalWork = Pick<LocalOptions, 'state' | 'secrets' | 'clock' | 'isRehearsal'> & {
  /** Is told what happens, as it happens. */
  tell: Observe;
  work: (ports: ServicePorts) => Promise<readonly TargetReport[]>;
  /** What else the document says, when the work is done. */
  besides?: () => Record<string, unknown>;
};

/** Does work with everything local, shows what it came to and says the exit status. */
export async function showLocalWork(
  { tell, work, besides, ...options }: LocalWork,
  { screen, exit, environment }: Pick<CommandContext, 'screen' | 'exit' | 'environment'>,
): Promise<{ reports: readonly TargetReport[]; messages: readonly TaskSubmitted[] }> {
  const messages: TaskSubmitted[] = [];
  const observe: Observe = (event) => {
    if (event.type === 'window_published') messages.push(event.message);
    tell(event);
  };
  const local = wireLocal({ ...options, proxies: readProxies(environment), observe });
  if (local.isNewState) screen.print(fitted(screen, `No state yet in ${options.state}: it is made there.`));
  try {
    const reports = await work(local.ports);
    screen.document({ ...besides?.(), runs: reports, messages });
    screen.print(`\n${fitted(screen, summary(reports))}`);
    exit(reportStatus(reports));
    return { reports, messages };
  } finally {
    local.close();
  }
}

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

// The other run may be done long before its lease is over.
const LOOK_AGAIN_MILLISECONDS = 5_000;

/** Waits while other runs hold windows, a few seconds at a time, and says once until when it may take. */
export function createWaitForOthers(print: (text: string) => void): WaitForOthers {
  let said = '';
  return async ({ windows, now, until }, signal) => {
    const text = `${count(windows, 'window')} in the hands of another run: waiting, until ${until.round('second')} at the most`;
    if (text !== said) print(`  · ${text}`);
    said = text;
    const milliseconds = now.until(until).total('milliseconds') + 1;
    await wait(Math.min(Math.max(milliseconds, 1), LOOK_AGAIN_MILLISECONDS), undefined, { signal }).catch(
      () => undefined,
    );
  };
}
