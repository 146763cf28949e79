import { describe, expect, it } from 'vitest';
import { CredentialError, type VendorReply } from '../../../lib/domain/errors.ts';
import { readCredential } from '../../../lib/domain/input/credential.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { createSessions } from '../../../lib/huawei/auth/session.ts';
import { createTokenSource } from '../../../lib/huawei/auth/tokens.ts';
import { createHttp } from '../../../lib/huawei/http/http.ts';
import type { SecretStore } from '../../../lib/ports.ts';
import { ACCESS_KEY, PASSWORD, startHuawei, targetAt } from '../../support/huawei/start-huawei.ts';
import { scriptedServer } from '../../support/network/scripted-server.ts';

const context = { signal: new AbortController().signal, onWait: () => undefined };
const policy = { attempts: 1, firstWaitMilliseconds: 1, factor: 2, longestWaitMilliseconds: 1_000 };

/** A session on a store that hands out `kept` until somebody asks for a fresh read, as Secrets Manager's cache does. */
async function setUp(first: object, settings: Record<string, unknown> = {}) {
  const huawei = await startHuawei();
  let kept = readCredential(first, 'huawei/acme');
  let stored = kept;
  const secrets: SecretStore = {
    read: async (_, { fresh = false } = {}) => {
      if (fresh) kept = stored;
      return kept;
    },
  };
  const tokens = createTokenSource({ send: createHttp(), policy });
  const open = createSessions({ secrets, tokens, clockOf: () => huawei.clock });
  const session = open(targetAt(huawei.origin, settings));
  const replace = (secret: object) => {
    stored = readCredential(secret, 'huawei/acme');
  };
  const recover = (vendor: Omit<VendorReply, 'status'>) =>
    session.recover({ vendor: { status: 401, ...vendor }, serverTime: undefined }, context);
  return { ...huawei, session, replace, recover };
}

const withProject = { project_id: DEMO_ACCOUNT.project.id };
const EXPIRED = { code: 'APIGW.0301', message: 'token expires' };
const FINAL = { code: 'APIGW.0301', message: 'x-auth-token not found' };

describe('a 401', () => {
  it.each([
    ['password', PASSWORD],
    ['token', { kind: 'token', token: 'fake-token' }],
    ['access key', ACCESS_KEY],
  ])('that is final stops a %s that is the same in the store', async (_, credential) => {
    const { session, recover } = await setUp(credential, withProject);
    await session.authorize(context);
    expect(await recover(FINAL)).toBeUndefined();
  });

  it('of a token or a key that is the same in the store stops, whatever the message', async () => {
    for (const credential of [{ kind: 'token', token: 'fake-token' }, ACCESS_KEY]) {
      const { session, recover } = await setUp(credential, withProject);
      await session.authorize(context);
      expect(await recover(EXPIRED)).toBeUndefined();
    }
  });

  it.each([EXPIRED, FINAL])('%j is worth one more call with a token that was replaced', async (vendor) => {
    const { session, recover, replace } = await setUp(
      { kind: 'token', token: 'fake-old-token' },
      withProject,
    );
    await session.authorize(context);
    replace({ kind: 'token', token: 'fake-new-token' });
    expect((await recover(vendor))?.secrets).toEqual(['fake-new-token']);
  });

  it('that says that the token is dead gets a new one by the same password', async () => {
    const { session, recover } = await setUp(PASSWORD);
    const first = await session.authorize(context);
    const second = await recover(EXPIRED);
    expect(second?.secrets[0]).toEqual(expect.any(String));
    expect(second?.secrets).not.toEqual(first.secrets);
  });
});

describe('a password', () => {
  it('that was rotated within the cache time of the store is read again', async () => {
    const { emulator, session, replace } = await setUp(PASSWORD);
    const rotated = { ...DEMO_ACCOUNT.user, password: 'fake-rotated-password' };
    emulator.setPassword(rotated);
    replace({ kind: 'password', ...rotated });
    expect((await session.authorize(context)).projectId).toBe(DEMO_ACCOUNT.project.id);
    expect(emulator.requests()).toHaveLength(2);
  });

  it.each([
    ['the id of the target', { project_id: 'p-target' }, { id: 'p-target' }, 'p-target'],
    ['the region where the target has none', {}, { name: DEMO_ACCOUNT.project.name }, 'p-learnt'],
  ])('is scoped by %s', async (_, settings, project, projectId) => {
    let asked = '';
    const iam = await scriptedServer((request, response) => {
      request.on('data', (chunk: Buffer) => {
        asked += chunk.toString();
      });
      const token = { expires_at: '2026-11-24T00:35:00Z', project: { id: 'p-learnt' } };
      request.on('end', () =>
        response.writeHead(201, { 'x-subject-token': 'fake-token' }).end(JSON.stringify({ token })),
      );
    });
    const { session } = await setUp(PASSWORD, {
      ...settings,
      endpoints: { iam: iam.origin },
    });
    expect((await session.authorize(context)).projectId).toBe(projectId);
    expect(JSON.parse(asked)).toMatchObject({ auth: { scope: { project } } });
  });
});

describe('a token that says when it ends', () => {
  const ends = (expires_at: string, token = 'fake-token') => ({ kind: 'token', token, expires_at });

  it('is used until then', async () => {
    const { session } = await setUp(ends('2026-11-23T00:35:01Z'), withProject);
    expect((await session.authorize(context)).secrets).toEqual(['fake-token']);
  });

  it('is read again from the store when it has ended, and the one found there is used', async () => {
    const { session, replace } = await setUp(ends('2026-11-23T00:35:00Z'), withProject);
    await expect(session.authorize(context)).rejects.toThrow(CredentialError);
    replace(ends('2026-11-24T00:35:00Z', 'fake-newer-token'));
    expect((await session.authorize(context)).secrets).toEqual(['fake-newer-token']);
  });
});
