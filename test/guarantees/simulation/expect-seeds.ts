import { expect } from 'vitest';
import { simulate } from './simulate.ts';

/** Fails with the story of the first seed after which something is wrong, and with the command that repeats it. */
export async function expectAllWell(from: number, to: number): Promise<void> {
  let invocations = 0;
  for (let seed = from; seed <= to; seed += 1) {
    const life = await simulate(seed);
    const story = life.faults.length > 0 ? life.trace.join('\n') : '';
    expect(life.faults, `npm run simulate -- --seeds ${seed}..${seed}\n${story}`).toEqual([]);
    invocations += life.invocations;
  }
  // Stories in which hardly anything happens would pass everything.
  expect(invocations).toBeGreaterThan((to - from + 1) * 30);
}
