import { setImmediate } from 'node:timers/promises';
import type { Chance } from '../simulation/story/chance.ts';

/** Wraps a call so that it waits for its turn. */
export type InTurn = <Value>(work: () => Value | Promise<Value>) => Promise<Value>;

/**
 * Makes the calls of several runs one at a time, in an order that `chance` decides. A run that is killed makes no more
 * calls, and the other runs do not wait for it.
 */
export function createTurns(chance: Chance) {
  const calls: (() => Promise<unknown>)[] = [];

  const inTurn: InTurn = (work) =>
    new Promise((resolve, reject) => {
      calls.push(async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      });
    });

  /** Resolves when all of the runs are over. */
  const until = async (runs: readonly Promise<unknown>[]): Promise<void> => {
    let isOver = false;
    const all = Promise.all(runs).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      // Each run goes on to its next call before the next turn is given.
      await setImmediate();
      const [next] = calls.length > 0 ? calls.splice(chance.below(calls.length), 1) : [];
      await next?.();
    }
    await all;
  };

  return { inTurn, until };
}
