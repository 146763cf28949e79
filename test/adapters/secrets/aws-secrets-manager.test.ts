import { inspect } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createSecretsManagerStore } from '../../../lib/adapters/secrets/aws-secrets-manager.ts';
import { InfrastructureError, InputError } from '../../../lib/domain/errors.ts';
import { describeSecretStoreContract } from '../../contracts/secret-store.ts';
import { startFailingAws } from '../../support/aws/failing-server.ts';
import {
  type SecretsManagerServer,
  secretArn,
  startSecretsManager,
} from '../../support/aws/secrets-manager-server.ts';

const NOON = Temporal.Instant.from('2026-11-23T12:00:00Z');
const TOKEN = { kind: 'token', token: 'FAKE-token-1' };
const NEXT_TOKEN = { kind: 'token', token: 'FAKE-token-2' };

describeSecretStoreContract('AWS Secrets Manager', async () => {
  const { clientConfig, secrets, close } = await startSecretsManager();
  return {
    store: createSecretsManagerStore({ uptime: () => NOON.epochMilliseconds, clientConfig }),
    keep: async (name, document) => {
      secrets.set(name, { text: JSON.stringify(document) });
    },
    close,
  };
});

describe('the store in AWS Secrets Manager', () => {
  let server: SecretsManagerServer;
  let now = NOON;

  beforeEach(async () => {
    server = await startSecretsManager();
    server.secrets.set('acme', { text: JSON.stringify(TOKEN) });
    now = NOON;
  });
  afterEach(() => server.close());

  const open = (options: { cacheSeconds?: number } = {}) =>
    createSecretsManagerStore({
      uptime: () => now.epochMilliseconds,
      clientConfig: server.clientConfig,
      ...options,
    });

  const readError = (name: string) =>
    open()
      .read(name)
      .catch((thrown: unknown) => thrown);

  test('finds a secret by its ARN', async () => {
    expect(await open().read(secretArn('acme'))).toEqual(TOKEN);
  });

  test('reads a secret that was stored with a byte order mark', async () => {
    server.secrets.set('acme', { text: `\ufeff${JSON.stringify(TOKEN)}` });
    expect(await open().read('acme')).toEqual(TOKEN);
  });

  test('names the secret, the field and the character of a line break that came with a key', async () => {
    server.secrets.set('acme', { text: JSON.stringify({ kind: 'token', token: 'FAKE-token-1\n' }) });
    const error = await readError('acme');
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toContain('Invalid secret "acme":');
    expect(error).toMatchObject({ issues: [{ path: 'token', message: expect.stringContaining('U+000A') }] });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('FAKE');
  });

  test('hands out what it read for five minutes of the clock, and then reads again', async () => {
    const store = open();
    await store.read('acme');
    server.secrets.set('acme', { text: JSON.stringify(NEXT_TOKEN) });
    now = NOON.add({ seconds: 299 });
    expect(await store.read('acme')).toEqual(TOKEN);
    now = NOON.add({ seconds: 300 });
    expect(await store.read('acme')).toEqual(NEXT_TOKEN);
    expect(server.requests()).toBe(2);
  });

  test('remembers for as long as it is told, also not at all', async () => {
    const [brief, forgetful] = [open({ cacheSeconds: 10 }), open({ cacheSeconds: 0 })];
    await Promise.all([brief.read('acme'), forgetful.read('acme')]);
    server.secrets.set('acme', { text: JSON.stringify(NEXT_TOKEN) });
    expect(await forgetful.read('acme')).toEqual(NEXT_TOKEN);
    now = NOON.add({ seconds: 9 });
    expect(await brief.read('acme')).toEqual(TOKEN);
    now = NOON.add({ seconds: 10 });
    expect(await brief.read('acme')).toEqual(NEXT_TOKEN);
  });

  test('hands out from then on what a fresh read brought', async () => {
    const store = open();
    await store.read('acme');
    server.secrets.set('acme', { text: JSON.stringify(NEXT_TOKEN) });
    await store.read('acme', { fresh: true });
    expect(await store.read('acme')).toEqual(NEXT_TOKEN);
    expect(server.requests()).toBe(2);
  });

  test('asks once for many callers at the same moment, fresh or not', async () => {
    const store = open();
    const callers = Array.from({ length: 20 }, (_, index) => store.read('acme', { fresh: index % 2 === 0 }));
    expect(await Promise.all(callers)).toEqual(callers.map(() => TOKEN));
    expect(server.requests()).toBe(1);
  });

  test('asks once for many callers at the same moment also when it remembers nothing', async () => {
    const store = open({ cacheSeconds: 0 });
    await Promise.all([store.read('acme'), store.read('acme')]);
    expect(server.requests()).toBe(1);
    await store.read('acme');
    expect(server.requests()).toBe(2);
  });

  test('says which secret to create, and what to put in', async () => {
    const error = await readError('huawei/acme-prod');
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toContain(
      'huawei/acme-prod: does not exist; create it, as text, with {"kind": "password", "domain":',
    );
  });

  test('names the permission that is lacking', async () => {
    server.secrets.set('acme', { error: 'denied' });
    const error = await readError('acme');
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(String(error)).toMatch(
      /read the secret "acme" from Secrets Manager: AccessDeniedException: User: /,
    );
    expect(String(error)).toContain('Allow secretsmanager:GetSecretValue on it');
    expect(error).toMatchObject({ cause: { name: 'AccessDeniedException' } });
  });

  test('passes on any other refusal', async () => {
    server.secrets.set('acme', { error: 'deleted' });
    const error = await readError('acme');
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(String(error)).toContain('InvalidRequestException: You can');
    expect(String(error)).toContain('marked for deletion');
  });

  test('wants text, not bytes', async () => {
    server.secrets.set('acme', { binary: Buffer.from(JSON.stringify(TOKEN)).toString('base64') });
    const error = await readError('acme');
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toContain('must be stored as text (SecretString)');
    expect(String(error)).not.toContain('FAKE');
  });

  test('shows no character of a secret that is no JSON', async () => {
    server.secrets.set('acme', { text: '{"kind": "token", "token": FAKE-token-1}' });
    const error = await readError('acme');
    expect(error).toBeInstanceOf(InputError);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('FAKE');
  });

  test('shows no character of a reply that is broken', async () => {
    const answer = '{"Name":"acme","SecretString":FAKE-token-1}';
    const { clientConfig, close } = await startFailingAws({ answer });
    onTestFinished(close);
    const store = createSecretsManagerStore({ uptime: () => now.epochMilliseconds, clientConfig });
    const error = await store.read('acme').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(String(error)).toContain('read the secret "acme" from Secrets Manager: the reply is not JSON');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('FAKE');
  });
});
