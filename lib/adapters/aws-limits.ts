/**
 * What one call to AWS may cost: 3 attempts, and each at most 2 s to connect, 5 s to the reply and 5 s of silence in it.
 * The SDK sets no such limits by itself, and a request time-out of it is only a warning unless told to throw.
 */
export const AWS_LIMITS = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    socketTimeout: 5_000,
    throwOnRequestTimeout: true,
  },
};
