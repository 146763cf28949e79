import { createHostClocks } from '../../../lib/exports/clock/host-clocks.ts';
import { createVendorHosts } from '../../../lib/huawei/host-time.ts';
import type { World } from '../../guarantees/world.ts';

/** The ports of a world for a run whose own clock is off, and which asks Huawei for the time as a deployed one does. */
export function portsByOwnClock(world: World, aheadSeconds: number): ReturnType<World['ports']> {
  const clock = () => world.time.now.add({ seconds: aheadSeconds });
  const uptime = () => world.time.now.epochMilliseconds;
  const clocks = createHostClocks(createVendorHosts(), { clock, uptime });
  return { ...world.ports(), ownClock: clock, openClocks: clocks.open };
}
