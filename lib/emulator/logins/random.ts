/** Pseudo-random values. */
export type Random = {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  pick<const Choices extends readonly unknown[]>(choices: Choices): Choices[number];
  hex(length: number): string;
};

/** The mulberry32 generator. The same seed gives the same values. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);

  return {
    below,
    pick: (choices) => choices[below(choices.length)],
    hex: (length) => Array.from({ length }, () => below(16).toString(16)).join(''),
  };
}
