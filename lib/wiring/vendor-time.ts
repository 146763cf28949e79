import { setTimeout as wait } from 'node:timers/promises';
import type { Proxies } from '../domain/input/proxies.ts';
import type { Target } from '../domain/input/target.ts';
import { createHostClocks } from '../exports/clock/host-clocks.ts';
import { trustedClocks } from '../exports/clock/target-clock.ts';
import { createVendorHosts } from '../huawei/host-time.ts';
import type { Clock } from '../ports.ts';
import type { Clocks, ServicePorts } from '../run-ports.ts';

type Options = {
  clock: Clock;
  proxies?: Proxies | undefined;
  /** The clock is used as Huawei's clock too, and no host is asked. */
  isRehearsal?: boolean | undefined;
};

/** How a process gets Huawei's time, for its runs and for its calls. */
export type VendorTime = Pick<ServicePorts, 'ownClock' | 'openClocks' | 'wait'> & {
  clockOf(target: Target): Clock;
};

export function wireVendorTime({ clock, proxies, isRehearsal = false }: Options): VendorTime {
  const pause: ServicePorts['wait'] = (milliseconds, signal) =>
    wait(milliseconds, undefined, { signal }).catch(() => undefined);
  const common = { ownClock: clock, wait: pause };
  if (isRehearsal) {
    const openClocks = (): Clocks => trustedClocks(clock);
    return { ...common, openClocks, clockOf: () => clock };
  }
  const clocks = createHostClocks(createVendorHosts({ proxies }), { clock, uptime: () => performance.now() });
  return { ...common, openClocks: clocks.open, clockOf: clocks.of };
}
