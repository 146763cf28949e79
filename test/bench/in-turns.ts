/** Measures several pieces of work in turns, so that changes in the speed of the machine affect all of them. */
export async function inTurns<Value>(
  rounds: number,
  works: readonly (() => Value | Promise<Value>)[],
): Promise<Value[][]> {
  const measured = works.map((): Value[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, work] of works.entries()) measured[index]?.push(await work());
  }
  return measured;
}

export function median(numbers: readonly number[] = []): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
