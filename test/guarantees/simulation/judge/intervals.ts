/** A half-open stretch of true time, in milliseconds since the epoch. The judge reckons for itself, with nothing of what it judges. */
export type Stretch = readonly [start: number, end: number];

/** In order, without overlaps; what touches is one. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const merged: [number, number][] = [];
  for (const [start, end] of stretches.filter(([a, b]) => a < b).toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** What of `stretches` is in none of `others`. */
export function minus(stretches: readonly Stretch[], others: readonly Stretch[]): Stretch[] {
  const taken = joined(others);
  return joined(stretches).flatMap(([from, end]) => {
    const left: Stretch[] = [];
    let start = from;
    for (const [takenFrom, takenTo] of taken) {
      if (takenTo <= start || takenFrom >= end) continue;
      left.push([start, takenFrom]);
      start = takenTo;
    }
    return joined([...left, [start, end]]);
  });
}

/** What of `stretches` lies in `[from, to)`. */
export function within(stretches: readonly Stretch[], from: number, to: number): Stretch[] {
  return joined(stretches.map(([start, end]) => [Math.max(start, from), Math.min(end, to)]));
}

export function told(stretches: readonly Stretch[]): string {
  return stretches.map(([start, end]) => `${short(start)}/${short(end)}`).join(', ');
}

/** `2026-11-20T00:35Z`: seconds only where there are any. */
export function short(at: number): string {
  return new Date(at).toISOString().replace(/(:00)?\.000Z$/, 'Z');
}
