import { createRandom, type Random } from '../../../../lib/emulator/logins/random.ts';

/** The random decisions of a seed, in the order of the calls. */
export type Chance = Random & {
  /** True with the probability 1/`times`. */
  oneIn(times: number): boolean;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
};

export function chanceFrom(seed: number): Chance {
  // Seeds that are neighbours give similar first values.
  const random = createRandom(Math.imul(seed, 0x9e37_79b1));
  return {
    ...random,
    oneIn: (times) => random.below(times) === 0,
    between: (least, most) => least + random.below(most - least + 1),
  };
}
