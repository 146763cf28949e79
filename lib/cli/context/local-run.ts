import { setTimeout as wait } from 'node:timers/promises';
import type { TaskSubmitted } from '../../domain/exports/message.ts';
import { readProxies } from '../../domain/input/proxies.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { runScheduledExport } from '../../exports/scheduled-run.ts';
import type { TargetReport } from '../../exports/window/run-report.ts';
import type { Observe } from '../../ports.ts';
import type { ServicePorts, WaitForOthers } from '../../run-ports.ts';
import { type LocalOptions, wireLocal } from '../../wiring/local.ts';
import { count } from '../output/format.ts';
import { fitted, fittedLines } from '../output/text.ts';
import { printEvent, summary } from '../views/events.ts';
import type { CommandContext } from './command.ts';
import { reportStatus } from './exit.ts';

type LocalWork = Pick<LocalOptions, 'state' | 'secrets' | 'clock' | 'isRehearsal'> & {
  /** Gets each event as it happens. */
  observe: Observe;
  work: (ports: ServicePorts) => Promise<readonly TargetReport[]>;
  /** More keys of the document, when the work is done. */
  besides?: () => Record<string, unknown>;
};

/** Does work with everything local, shows the result and sets the exit status. */
export async function showLocalWork(
  { observe, work, besides, ...options }: LocalWork,
  { screen, exit, environment }: Pick<CommandContext, 'screen' | 'exit' | 'environment'>,
): Promise<{ reports: readonly TargetReport[]; messages: readonly TaskSubmitted[] }> {
  const messages: TaskSubmitted[] = [];
  const observeAll: Observe = (event) => {
    if (event.type === 'window_published') messages.push(event.message);
    observe(event);
  };
  const local = wireLocal({ ...options, proxies: readProxies(environment), observe: observeAll });
  if (local.isNewState)
    screen.print(fitted(screen, `There is no state in ${options.state} yet: it is created now.`));
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

/** Runs the scheduled job once on this machine, shows what happens and sets the exit status. */
export async function showScheduledRun(run: ScheduledRun, context: CommandContext): Promise<void> {
  const { targets, scheduledTime, sweep, ...local } = run;
  const { screen, signal } = context;
  const input = { targets, scheduledTime, sweep, trigger: { kind: 'command' } } as const;
  const observe: Observe = (event) => printEvent(screen, event);
  const waitForOthers = createWaitForOthers((text) => screen.print(fittedLines(screen, text)));
  const work = async (ports: ServicePorts) =>
    (await runScheduledExport({ ...ports, waitForOthers }, input, signal)).targets;
  const { messages } = await showLocalWork({ ...local, observe, work }, context);
  showMessages(messages, screen);
}

/** Shows the first of the published messages. */
export function showMessages(
  [first, ...more]: readonly TaskSubmitted[],
  screen: CommandContext['screen'],
): void {
  if (!first || screen.json) return;
  screen.print(`\nThe message on the queue:\n${JSON.stringify(first, null, 2)}`);
  if (more.length > 0) screen.print(`… and ${more.length} more.`);
}

/** Where the state is and how to read the messages in it, in one line. */
export function queueHint(state: string): string {
  return `State: ${state}. To read the queue: npx login-export queue --state ${state}`;
}

// The other run may end long before its lease does.
const LOOK_AGAIN_MILLISECONDS = 5_000;

/** Waits while other runs have leased windows, a few seconds at a time, and says once until when at the latest. */
export function createWaitForOthers(print: (text: string) => void): WaitForOthers {
  let shown = '';
  return async ({ windows, now, until }, signal) => {
    const text = `${count(windows, 'window')} leased by another run: waiting until ${until.round('second')} at the latest`;
    if (text !== shown) print(`  · ${text}`);
    shown = text;
    const milliseconds = now.until(until).total('milliseconds') + 1;
    await wait(Math.min(Math.max(milliseconds, 1), LOOK_AGAIN_MILLISECONDS), undefined, { signal }).catch(
      () => undefined,
    );
  };
}
