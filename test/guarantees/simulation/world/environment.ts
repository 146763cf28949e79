import { setTimeout as wait } from 'node:timers/promises';
import { createHostClocks } from '../../../../lib/exports/clock/host-clocks.ts';
import { createExportApi } from '../../../../lib/huawei/export-api.ts';
import { createVendorHosts } from '../../../../lib/huawei/host-time.ts';
import type { Observe } from '../../../../lib/ports.ts';
import type { ServicePorts, WaitForOthers } from '../../../../lib/run-ports.ts';
import { SECOND } from '../story/durations.ts';
import type { Home } from './deployment.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a process has in its memory; whoever invokes it listens by setting `observe`. */
export type Environment = { ports: EnvironmentPorts; observe: Observe };
export type EnvironmentPorts = ServicePorts & { waitForOthers: WaitForOthers };

// Real waits would make weeks last weeks; what is asked for beyond the longest ends the attempts, as it does in a run.
const policy = { attempts: 3, firstWaitMilliseconds: 1, factor: 2, longestWaitMilliseconds: 5 };

/** A new process of a home, wired as the program is. */
export function newEnvironment({ home, time }: { home: Home; time: VirtualTime }): Environment {
  const ownClock = time.ours;
  const { secrets, ...opened } = home.open();
  const observe: Observe = (event) => environment.observe(event);
  const clocks = createHostClocks(createVendorHosts(), { clock: ownClock, uptime: time.monotonic });
  const api = createExportApi({ secrets, clock: ownClock, clockOf: clocks.of, observe, policy });
  const ports: EnvironmentPorts = {
    ...{ ...opened, api, ownClock, observe, openClocks: clocks.open },
    wait: async (milliseconds) => time.pass(milliseconds),
    waitForOthers: async () => {
      time.pass(5 * SECOND);
      // The others need some real time for their work.
      await wait(2);
    },
  };
  const environment: Environment = { ports, observe: () => undefined };
  return environment;
}
