import { setTimeout as wait } from 'node:timers/promises';
import { createHostClocks } from '../../../../lib/exports/clock/host-clocks.ts';
import { createExportApi } from '../../../../lib/huawei/export-api.ts';
import { createVendorHosts } from '../../../../lib/huawei/host-time.ts';
import type { Observe } from '../../../../lib/ports.ts';
import type { ServicePorts, WaitForOthers } from '../../../../lib/run-ports.ts';
import { SECOND } from '../story/durations.ts';
import type { Deployment } from './deployment.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The memory of a process. The caller of an invocation sets `observe` to get its events. */
export type Environment = { ports: EnvironmentPorts; observe: Observe };
export type EnvironmentPorts = ServicePorts & { waitForOthers: WaitForOthers };

// Real waits would make weeks last weeks. A longer Retry-After ends the attempts, as in a run.
const policy = { attempts: 3, firstWaitMilliseconds: 1, factor: 2, longestWaitMilliseconds: 5 };

/** A new process of a deployment, wired as the program is. */
export function newEnvironment({
  deployment,
  time,
}: {
  deployment: Deployment;
  time: VirtualTime;
}): Environment {
  const ownClock = time.ours;
  const { secrets, ...opened } = deployment.open();
  const observe: Observe = (event) => environment.observe(event);
  const clocks = createHostClocks(createVendorHosts(), { clock: ownClock, uptime: time.monotonic });
  const api = createExportApi({ secrets, clock: ownClock, clockOf: clocks.of, observe, policy });
  const ports: EnvironmentPorts = {
    ...{ ...opened, api, ownClock, observe, openClocks: clocks.open },
    wait: async (milliseconds) => time.pass(milliseconds),
    waitForOthers: async () => {
      time.pass(5 * SECOND);
      // The other processes need some real time for their work.
      await wait(2);
    },
  };
  const environment: Environment = { ports, observe: () => undefined };
  return environment;
}
