import { describe, expect, it } from 'vitest';
import { CredentialError } from '../../lib/domain/errors.ts';
import { createLockoutGuard } from '../../lib/huawei/auth/lockout-guard.ts';
import { DEFAULT_TIME_OUTS } from '../../lib/huawei/http/http.ts';
import { DEFAULT_RETRY_POLICY } from '../../lib/huawei/http/retry.ts';

const MINUTE = 60_000;

describe('a call to Huawei', () => {
  it('is made six times, after about 1, 2, 4, 8 and 16 s: a gateway that restarts is back by then', () => {
    expect(DEFAULT_RETRY_POLICY).toEqual({
      attempts: 6,
      firstWaitMilliseconds: 1_000,
      factor: 2,
      // What Huawei asks for above two minutes is the next run's business.
      longestWaitMilliseconds: 120_000,
    });
  });

  it('gets as long as its gateway waits for its own back end, 30 s, and a little more', () => {
    expect(DEFAULT_TIME_OUTS).toEqual({ connect: 10_000, headers: 40_000, body: 30_000 });
  });
});

describe('a password that IAM refused', () => {
  const credential = { kind: 'password', domain: 'd', user: 'u', password: 'fake-wrong' } as const;
  const login = { host: 'https://iam', credential };

  async function triesAfter(milliseconds: number): Promise<number> {
    let [now, tries] = [7, 0];
    const pass = createLockoutGuard(() => now);
    const refused = () => {
      tries += 1;
      return Promise.reject(new CredentialError('no'));
    };
    await expect(pass(login, refused)).rejects.toThrow('no');
    now += milliseconds;
    await expect(pass(login, refused)).rejects.toThrow('no');
    return tries;
  }

  it('is not tried again for 15 minutes, for which IAM would lock the account, and then it is', async () => {
    expect(await triesAfter(15 * MINUTE - 1)).toBe(1);
    expect(await triesAfter(15 * MINUTE)).toBe(2);
  });
});
