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
