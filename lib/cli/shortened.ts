/** How many lines of a list are shown when it has more than `most`. */
export type Shape = { most: number; first: number; last: number };

/** The lines of a list; of a long one the first and the last, and how many there are between. */
export function shortened(lines: readonly string[], { most, first, last }: Shape): string[] {
  if (lines.length <= most) return [...lines];
  const left = lines.length - first - last;
  return [...lines.slice(0, first), `… ${left} more`, ...lines.slice(-last)];
}
