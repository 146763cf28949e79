/**
 * What one call to AWS may cost: 3 attempts, each with at most 2 s to connect, 5 s until the answer begins and 5 s of
 * silence in it. The SDK sets none of these by itself, and its request time-out is a mere warning unless told to throw.
 */
export const AWS_LIMITS = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    throwOnRequestTimeout: true,
    socketTimeout: 5_000,
  },
};

/**
 * Loads a client at its first use and keeps it: a cold start that calls nothing must not pay for an SDK. A load that
 * failed is tried again at the next use.
 */
export function lazy<Client>(load: () => Promise<Client>): () => Promise<Client> {
  let loading: Promise<Client> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
