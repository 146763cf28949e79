import { expect } from 'vitest';
import { simulate } from './simulate.ts';

/** Fails with the trace of the first seed with a violation, and with the command that repeats the seed. */
export async function expectAllWell(from: number, to: number): Promise<void> {
  let invocations = 0;
  for (let seed = from; seed <= to; seed += 1) {
    const result = await simulate(seed);
    const story = result.violations.length > 0 ? result.trace.join('\n') : '';
    expect(result.violations, `npm run simulate -- --seeds ${seed}..${seed}\n${story}`).toEqual([]);
    invocations += result.invocations;
  }
  // Stories without invocations would pass every check.
  expect(invocations).toBeGreaterThan((to - from + 1) * 30);
}
