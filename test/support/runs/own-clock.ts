import { createHostClocks } from '../../../lib/exports/clock/host-clocks.ts';
import { createVendorHosts } from '../../../lib/huawei/host-time.ts';
import type { World } from '../../guarantees/world.ts';

/** The ports of a world for a run whose clock is wrong, and which learns the time from Huawei, as a deployed run does. */
export function portsByOwnClock(world: World, aheadSeconds: number): ReturnType<World['ports']> {
  const clock = () => world.time.now.add({ seconds: aheadSeconds });
  const uptime = () => world.time.now.epochMilliseconds;
  const clocks = createHostClocks(createVendorHosts(), { clock, uptime });
  return { ...world.ports(), ownClock: clock, openClocks: clocks.open };
}
