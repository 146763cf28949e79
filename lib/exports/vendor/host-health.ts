/** Which hosts failed in a run. The targets of a run share one of these. */
export type HostHealth = {
  /** Notes how a call went: `isFailure` only for a failure that concerns the whole host. */
  note(host: string, isFailure: boolean): void;
  /** Two calls in a row failed there: further calls to the host are left to a later run. */
  isDown(host: string): boolean;
};

export function createHostHealth(): HostHealth {
  const streaks = new Map<string, FailureStreak>();
  const streakOf = (host: string) => {
    const streak = streaks.get(host) ?? createFailureStreak();
    streaks.set(host, streak);
    return streak;
  };
  return {
    note: (host, isFailure) => streakOf(host).note(isFailure),
    isDown: (host) => streakOf(host).isFull(),
  };
}

/** Counts failures in a row. */
export type FailureStreak = { note(isFailure: boolean): void; isFull(): boolean };

export function createFailureStreak(): FailureStreak {
  let failures = 0;
  return {
    note: (isFailure) => {
      failures = isFailure ? failures + 1 : 0;
    },
    isFull: () => failures >= FAILURES_IN_A_ROW,
  };
}

// One failure may be bad luck. Each costs minutes of retries, so an outage must not cost that for every window.
const FAILURES_IN_A_ROW = 2;
