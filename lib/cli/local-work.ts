import { readProxies } from '../domain/proxies.ts';
import type { TaskSubmitted } from '../domain/task-submitted.ts';
import type { TargetReport } from '../exports/report.ts';
import type { ServicePorts } from '../exports/run-ports.ts';
import type { Observe } from '../ports.ts';
import { type LocalOptions, wireLocal } from '../wiring/local.ts';
import type { CommandContext } from './command.ts';
import { reportStatus } from './exit.ts';
import { summary } from './print-event.ts';
import { fitted } from './wrapped.ts';

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
