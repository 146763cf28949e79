import { setImmediate } from 'node:timers/promises';
import type { Chance } from '../simulation/story/chance.ts';

/** Wraps a call so that it waits for its turn. */
export type InTurn = <Value>(work: () => Value | Promise<Value>) => Promise<Value>;

/**
 * Lets the calls of several runs happen one at a time, in an order that `chance` decides. A run that dies in the middle
 * makes no more calls, and holds nobody up.
 */
export function createTurns(chance: Chance) {
  const waiting: (() => Promise<unknown>)[] = [];

  const inTurn: InTurn = (work) =>
    new Promise((resolve, reject) => {
      waiting.push(async () => {
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
      const [next] = waiting.length > 0 ? waiting.splice(chance.below(waiting.length), 1) : [];
      await next?.();
    }
    await all;
  };

  return { inTurn, until };
}
