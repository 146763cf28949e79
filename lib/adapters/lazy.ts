/**
 * Loads at the first call and hands out the same thing ever after: an SDK must not slow down a cold start that never uses
 * it. A load that failed is tried again at the next call.
 */
export function lazy<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
