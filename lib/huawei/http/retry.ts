import { setTimeout as wait } from 'node:timers/promises';
import { InterruptedError, type UnavailableError } from '../../domain/errors.ts';
import { unavailable } from './unavailable.ts';

/** When and how often a call is repeated. Plain data, so that a test or a rehearsal can bring its own. */
export type RetryPolicy = {
  /** How often the call is made at the most, the first time included. */
  attempts: number;
  /** The first wait is up to this long; each later one up to `factor` times longer. */
  firstWaitMilliseconds: number;
  factor: number;
  /** No computed wait is longer. A `Retry-After` beyond it ends the run's attempts: the next run tries again. */
  longestWaitMilliseconds: number;
};

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: 6,
  firstWaitMilliseconds: 1_000,
  factor: 2,
  longestWaitMilliseconds: 120_000,
};

/** What one attempt came to: a value, or a failure that a repetition may fix. Anything else is thrown. */
export type Attempt<Value> =
  | { value: Value }
  | { failure: UnavailableError; retryAfterMilliseconds?: number };

type Options = {
  policy: RetryPolicy;
  signal: AbortSignal;
  onWait: (failure: UnavailableError, milliseconds: number) => void;
};

/**
 * Makes attempts until one has a value, the policy is used up (throws the last failure) or the signal aborts
 * (throws `InterruptedError`). Waits for the longer of what the server asked for and the computed wait: "0", or a date that
 * has passed, must not spend all attempts at once.
 */
export async function withRetry<Value>(
  attempt: () => Promise<Attempt<Value>>,
  options: Options,
): Promise<Value> {
  const { policy, signal, onWait } = options;
  let mayHaveArrived = false;
  for (let made = 1; ; made += 1) {
    const outcome = await attempt();
    if ('value' in outcome) return outcome.value;
    const { failure, retryAfterMilliseconds } = outcome;
    mayHaveArrived ||= failure.mayHaveArrived;
    const last = { failure, mayHaveArrived };
    if (made >= policy.attempts) throw afterAttempts(last, made);
    const milliseconds = Math.max(retryAfterMilliseconds ?? 0, computedWait(policy, made));
    if (milliseconds > policy.longestWaitMilliseconds) throw waitTooLong(last, milliseconds);
    onWait(failure, milliseconds);
    await pause(milliseconds, failure, signal);
  }
}

// Full jitter: many targets that were throttled together must not come back together.
function computedWait(policy: RetryPolicy, made: number): number {
  const ceiling = policy.firstWaitMilliseconds * policy.factor ** (made - 1);
  return Math.random() * Math.min(ceiling, policy.longestWaitMilliseconds);
}

async function pause(milliseconds: number, failure: UnavailableError, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch {
    throw new InterruptedError(`Stopped while waiting to repeat a call. ${failure.summary}`, {
      cause: failure,
    });
  }
}

/** How the last attempt failed, and whether any of them may have been done all the same. */
type Last = { failure: UnavailableError; mayHaveArrived: boolean };

function afterAttempts(last: Last, made: number): UnavailableError {
  const times = made === 1 ? 'Tried once' : `Tried ${made} times`;
  return restated(last, `${last.failure.summary} ${times}.`);
}

function waitTooLong(last: Last, milliseconds: number): UnavailableError {
  const seconds = Math.ceil(milliseconds / 1000);
  return restated(last, `${last.failure.summary} It asks to wait ${seconds} s, longer than a run waits.`);
}

function restated({ failure, mayHaveArrived }: Last, summary: string): UnavailableError {
  const { reason, vendor } = failure;
  return unavailable(summary, { cause: failure, reason, mayHaveArrived, vendor });
}
