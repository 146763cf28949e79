type Entry<Value> = { value: Promise<Value>; readAt: number; isPending: boolean };

/** Remembers what was read by name. */
export type ReadCache<Value> = {
  /** The value as read within the cache's time, else read now. */
  read(name: string): Promise<Value>;
  /** The value read now, unless a read is under way already: then what that one brings. */
  reread(name: string): Promise<Value>;
};

/**
 * Keeps each value for `seconds`, by milliseconds that only ever grow, so that no change of a clock makes it older or
 * younger than it is; many callers share one read, and a read that failed is forgotten.
 */
export function createReadCache<Value>(
  uptime: () => number,
  seconds: number,
  load: (name: string) => Promise<Value>,
): ReadCache<Value> {
  const entries = new Map<string, Entry<Value>>();

  const start = (name: string) => {
    const entry = { value: load(name), readAt: uptime(), isPending: true };
    entries.set(name, entry);
    entry.value.then(
      () => {
        entry.isPending = false;
      },
      () => entries.delete(name),
    );
    return entry.value;
  };
  const isYoung = ({ readAt }: Entry<Value>) => uptime() - readAt < seconds * 1_000;

  return {
    read(name) {
      const entry = entries.get(name);
      return entry && (entry.isPending || isYoung(entry)) ? entry.value : start(name);
    },
    reread(name) {
      const entry = entries.get(name);
      return entry?.isPending ? entry.value : start(name);
    },
  };
}
