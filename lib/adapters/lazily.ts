/** Loads at the first call and hands out the same thing ever after: an SDK must not slow down a cold start that never uses it. */
export function lazily<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
