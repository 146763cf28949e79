import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../lib/domain/errors.ts';
import type { PasswordCredential } from '../../../lib/domain/input/credential.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { createTokenSource, type TokenRequest } from '../../../lib/huawei/auth/tokens.ts';
import { createHttp } from '../../../lib/huawei/http/http.ts';
import { startHuawei } from '../../support/huawei/start-huawei.ts';

const context = { signal: new AbortController().signal, onWait: () => undefined };
const policy = { attempts: 1, firstWaitMilliseconds: 1, factor: 2, longestWaitMilliseconds: 1_000 };
const credential: PasswordCredential = { kind: 'password', ...DEMO_ACCOUNT.user };

async function setUp() {
  const huawei = await startHuawei();
  const tokens = createTokenSource({ send: createHttp(), policy });
  const input: TokenRequest = {
    iam: huawei.origin,
    secret: 'huawei/acme',
    credential,
    project: { name: DEMO_ACCOUNT.project.name },
    clock: huawei.clock,
  };
  const get = (differing: Partial<TokenRequest> = {}) => tokens.get({ ...input, ...differing }, context);
  const minted = () => huawei.emulator.requests().length;
  return { ...huawei, tokens, input, get, minted };
}

describe('a token that is kept', () => {
  it('is used until 20 minutes before its end, and not after', async () => {
    const { get, time, minted } = await setUp();
    const { expiresAt } = await get();
    time.now = expiresAt.subtract({ minutes: 20, seconds: 1 });
    await get();
    expect(minted()).toBe(1);
    time.now = expiresAt.subtract({ minutes: 20 });
    await get();
    expect(minted()).toBe(2);
  });

  it.each([
    ['secret', { secret: 'huawei/other' }],
    ['user', { credential: { ...credential, user: 'somebody-else' } }],
    ['account', { credential: { ...credential, domain: 'somebody-else' } }],
    ['project', { project: { id: DEMO_ACCOUNT.project.id } }],
  ])('is not used for another %s', async (_, differing) => {
    const { get, minted } = await setUp();
    await get();
    await get(differing).catch(() => undefined);
    expect(minted()).toBe(2);
  });

  it('is not used for another IAM', async () => {
    const { get, minted } = await setUp();
    const elsewhere = await startHuawei();
    await get();
    await get({ iam: elsewhere.origin });
    expect([minted(), elsewhere.emulator.requests().length]).toEqual([1, 1]);
  });

  it('is forgotten when it was refused, and a newer one is not', async () => {
    const { get, tokens, input, minted } = await setUp();
    const first = await get();
    tokens.forget(input, first.value);
    const second = await get();
    expect(second.value).not.toBe(first.value);
    tokens.forget(input, first.value);
    expect(await get()).toEqual(second);
    expect(minted()).toBe(2);
  });
});

it('a request for a token that failed is made again by the next caller', async () => {
  const { get, emulator } = await setUp();
  emulator.setScenario({ steps: [{ on: 'token', effect: { type: 'status', status: 503 } }] });
  await expect(get()).rejects.toThrow(UnavailableError);
  expect((await get()).projectId).toBe(DEMO_ACCOUNT.project.id);
});
