import { describe, expect, it } from 'vitest';
import { CredentialError, RefusedError } from '../../../lib/domain/errors.ts';
import type { Credential } from '../../../lib/domain/input/credential.ts';
import { createLockoutGuard } from '../../../lib/huawei/auth/lockout-guard.ts';

const password: Credential = { kind: 'password', domain: 'd', user: 'u', password: 'fake-1' };
const key: Credential = { kind: 'access_key', access_key_id: 'AK', secret_access_key: 'fake-2' };
const token: Credential = { kind: 'token', token: 'fake-3' };

/** A host that counts its calls, and how many come at the same moment. */
function host(error?: Error) {
  const calls = { all: 0, now: 0, atOnce: 0 };
  const call = async () => {
    calls.all += 1;
    calls.now += 1;
    calls.atOnce = Math.max(calls.atOnce, calls.now);
    await new Promise((resolve) => setImmediate(resolve));
    calls.now -= 1;
    if (error) throw error;
    return 'accepted';
  };
  return { calls, call };
}

async function passTogether(credentials: readonly Credential[], error?: Error) {
  const pass = createLockoutGuard();
  const { calls, call } = host(error);
  const results = await Promise.allSettled(credentials.map((credential) => pass({ credential }, call)));
  return { ...calls, accepted: results.filter(({ status }) => status === 'fulfilled').length };
}

describe('a credential that several targets share', () => {
  it.each([password, key])('is tried once when it is refused: %j', async (credential) => {
    const copies = [credential, { ...credential }, { ...credential }];
    expect(await passTogether(copies, new CredentialError('no'))).toMatchObject({ all: 1, accepted: 0 });
  });

  it('is accepted for all of them, one after the other', async () => {
    expect(await passTogether([password, password, password])).toMatchObject({
      all: 3,
      accepted: 3,
      atOnce: 1,
    });
  });

  it('may fail otherwise and is tried again', async () => {
    expect(await passTogether([password, password], new RefusedError('no'))).toMatchObject({ all: 2 });
  });

  it('is another one with another password, and may be tried', async () => {
    const other = { ...password, password: 'fake-other' };
    expect(await passTogether([password, other], new CredentialError('no'))).toMatchObject({
      all: 2,
      atOnce: 1,
    });
  });

  it('locks nothing when it is a token, and may be good elsewhere', async () => {
    expect(await passTogether([token, token], new CredentialError('no'))).toMatchObject({
      all: 2,
      atOnce: 2,
    });
  });
});

it('users do not wait for each other', async () => {
  expect(await passTogether([password, { ...password, user: 'v' }, key])).toMatchObject({
    accepted: 3,
    atOnce: 3,
  });
});
