import { createRandom, type Random } from '../../../../lib/emulator/logins/random.ts';

/** What a seed decides, in the order in which it is asked. */
export type Chance = Random & {
  /** True once in so many times. */
  oneIn(times: number): boolean;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
};

export function chanceFrom(seed: number): Chance {
  // Neighbouring seeds of the generator begin alike.
  const random = createRandom(Math.imul(seed, 0x9e37_79b1));
  return {
    ...random,
    oneIn: (times) => random.below(times) === 0,
    between: (least, most) => least + random.below(most - least + 1),
  };
}
