import type { AlertPorts } from '../../../lib/exports/alerts/serve-calls.ts';
import { createExportApi } from '../../../lib/huawei/export-api.ts';
import type { Observe } from '../../../lib/ports.ts';
import type { Home } from './home.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a process has in its memory; whoever invokes it listens by setting `observe`. */
export type Environment = { ports: AlertPorts; observe: Observe };

// Real waits would make weeks last weeks; what is asked for beyond the longest ends the attempts, as it does in a run.
const policy = { attempts: 3, firstWaitMilliseconds: 1, factor: 2, longestWaitMilliseconds: 5 };

/** A new process of a home, wired as the program is. */
export function newEnvironment({ home, time }: { home: Home; time: VirtualTime }): Environment {
  const clock = time.ours;
  const { secrets, ...opened } = home.open({ clock });
  const observe: Observe = (event) => environment.observe(event);
  const api = createExportApi({ secrets, clock, observe, policy });
  const environment: Environment = { ports: { ...opened, api, clock, observe }, observe: () => undefined };
  return environment;
}
