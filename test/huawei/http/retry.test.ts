import { describe, expect, it } from 'vitest';
import { InterruptedError, UnavailableError } from '../../../lib/domain/errors.ts';
import { type Attempt, type RetryPolicy, withRetry } from '../../../lib/huawei/http/retry.ts';

const policy: RetryPolicy = { attempts: 4, firstWaitMilliseconds: 8, factor: 2, longestWaitMilliseconds: 60 };
const down = new UnavailableError('It is down.', { vendor: { status: 503 }, reason: 'server_error' });

async function run(
  outcomes: Attempt<string>[],
  options: { policy?: RetryPolicy; signal?: AbortSignal } = {},
) {
  const waits: number[] = [];
  let made = 0;
  const attempt = async () => outcomes[Math.min(made++, outcomes.length - 1)] ?? { value: 'none' };
  const work = withRetry(attempt, {
    policy: options.policy ?? policy,
    signal: options.signal ?? new AbortController().signal,
    onWait: (_, milliseconds) => waits.push(milliseconds),
  });
  const result = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { result, made, waits };
}

describe('a call that is repeated', () => {
  it('stops at the first value', async () => {
    const { result, made } = await run([{ failure: down }, { failure: down }, { value: 'done' }]);
    expect(result).toEqual({ value: 'done' });
    expect(made).toBe(3);
  });

  it('gives up after the last attempt with the last failure', async () => {
    const { result, made } = await run([{ failure: down }]);
    expect(made).toBe(4);
    expect(result).toEqual({
      error: expect.objectContaining({ kind: 'unavailable', vendor: { status: 503 } }),
    });
    expect(String(result)).not.toContain('undefined');
  });

  it.each([
    [[true, false], true],
    [[false, true], true],
    [[false, false], false],
  ])('of whose attempts %j may have been done tells so of all of them', async (attempts, mayHaveArrived) => {
    const failures = attempts.map((arrived) => ({
      failure: new UnavailableError('No answer.', { reason: 'timeout', mayHaveArrived: arrived }),
    }));
    const { result } = await run(failures, { policy: { ...policy, attempts: 2 } });
    expect(result).toEqual({ error: expect.objectContaining({ kind: 'unavailable', mayHaveArrived }) });
  });

  it('waits between nothing and a ceiling that grows', async () => {
    const ceilings = [8, 16, 32];
    for (let round = 0; round < 8; round += 1) {
      const { waits } = await run([{ failure: down }]);
      expect(waits).toHaveLength(3);
      for (const [index, wait] of waits.entries()) expect(wait).toBeLessThanOrEqual(ceilings[index] ?? 0);
    }
  });

  it('waits at random, so that many callers do not come back together, and longer each time', async () => {
    const rounds = await Promise.all(Array.from({ length: 40 }, () => run([{ failure: down }])));
    const waits = (index: number) => rounds.map((round) => round.waits[index] ?? 0);
    expect(new Set(waits(0)).size).toBeGreaterThan(1);
    expect(Math.min(...waits(2))).toBeLessThan(16);
    expect(Math.max(...waits(1))).toBeGreaterThan(8);
    expect(Math.max(...waits(2))).toBeGreaterThan(16);
  });

  it('computes no wait that is longer than the longest', async () => {
    const steep = { ...policy, factor: 1_000_000, longestWaitMilliseconds: 10 };
    const { made, waits } = await run([{ failure: down }], { policy: steep });
    expect(made).toBe(4);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10);
  });

  it('waits as long as the server asks, rather than what was computed', async () => {
    const { waits } = await run([{ failure: down, retryAfterMilliseconds: 41 }, { value: 'done' }]);
    expect(waits).toEqual([41]);
  });

  it.each([0, 1])('does not spend its attempts at once where the server asks for %i ms', async (asked) => {
    const slow = { ...policy, attempts: 2, firstWaitMilliseconds: 500, longestWaitMilliseconds: 500 };
    const failing = { failure: down, retryAfterMilliseconds: asked };
    const rounds = await Promise.all(Array.from({ length: 20 }, () => run([failing], { policy: slow })));
    const waits = rounds.map((round) => round.waits[0] ?? 0);
    expect(Math.max(...waits)).toBeGreaterThan(100);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(asked);
  });

  it('leaves it to the next run when the server asks for a longer wait than a run has', async () => {
    const { result, made, waits } = await run([{ failure: down, retryAfterMilliseconds: 61_000 }]);
    expect({ made, waits }).toEqual({ made: 1, waits: [] });
    expect(result).toEqual({ error: expect.objectContaining({ message: expect.stringContaining('61 s') }) });
  });

  it('stops in the middle of a wait when the run is over', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const patient = { ...policy, longestWaitMilliseconds: 60_000 };
    const { result, made } = await run([{ failure: down, retryAfterMilliseconds: 30_000 }], {
      policy: patient,
      signal: stop.signal,
    });
    expect(made).toBe(1);
    expect(result).toEqual({ error: expect.any(InterruptedError) });
  });
});
