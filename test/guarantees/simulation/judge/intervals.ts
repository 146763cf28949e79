/** A half-open interval of true time, in milliseconds since the epoch. The judge uses no code of the program to compute. */
export type Interval = readonly [start: number, end: number];

/** The intervals in order and without overlaps; neighbours are joined. */
export function joined(intervals: readonly Interval[]): Interval[] {
  const merged: [number, number][] = [];
  for (const [start, end] of intervals.filter(([a, b]) => a < b).toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** The parts of `intervals` that are in none of `others`. */
export function minus(intervals: readonly Interval[], others: readonly Interval[]): Interval[] {
  const taken = joined(others);
  return joined(intervals).flatMap(([from, end]) => {
    const rest: Interval[] = [];
    let start = from;
    for (const [takenFrom, takenTo] of taken) {
      if (takenTo <= start || takenFrom >= end) continue;
      rest.push([start, takenFrom]);
      start = takenTo;
    }
    return joined([...rest, [start, end]]);
  });
}

/** The parts of `intervals` within `[from, to)`. */
export function within(intervals: readonly Interval[], from: number, to: number): Interval[] {
  return joined(intervals.map(([start, end]) => [Math.max(start, from), Math.min(end, to)]));
}

export function formatIntervals(intervals: readonly Interval[]): string {
  return intervals.map(([start, end]) => `${short(start)}/${short(end)}`).join(', ');
}

/** `2026-11-20T00:35Z`: seconds only where there are any. */
export function short(at: number): string {
  return new Date(at).toISOString().replace(/(:00)?\.000Z$/, 'Z');
}
