/** Milliseconds of each piece of work, round by round in turns, so that a machine whose speed drifts drifts for all. */
export function inTurns(rounds: number, works: readonly (() => void)[]): number[][] {
  const times = works.map((): number[] => []);
  // The first round warms the file cache and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, work] of works.entries()) {
      const begin = performance.now();
      work();
      if (round > 0) times[index]?.push(performance.now() - begin);
    }
  }
  return times;
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
