import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InputError } from '../../lib/domain/errors.ts';
import type { SecretStore } from '../../lib/ports.ts';

/** One empty place where secrets are kept. */
export type SecretStoreUnderTest = {
  store: SecretStore;
  /** Keeps a document under a name, in place of what is there. */
  keep(name: string, document: unknown): Promise<void>;
  close(): Promise<void>;
};

const PASSWORD = { kind: 'password', domain: 'acme', user: 'export', password: 'FAKE-password-1' };
const TOKEN = { kind: 'token', token: 'FAKE-token-1' };
const ACCESS_KEY = { kind: 'access_key', access_key_id: 'FAKEID', secret_access_key: 'FAKE-access-key-1' };

/** What every secret store does. `make` makes a new store for each test. */
export function describeSecretStoreContract(name: string, make: () => Promise<SecretStoreUnderTest>): void {
  describe(`the secret store: ${name}`, () => {
    let subject: SecretStoreUnderTest;

    beforeEach(async () => {
      subject = await make();
    });
    afterEach(() => subject.close());

    test.each([PASSWORD, TOKEN, ACCESS_KEY])('gives a credential of kind $kind', async (credential) => {
      await subject.keep('huawei/acme-prod', credential);
      expect(await subject.store.read('huawei/acme-prod')).toEqual(credential);
    });

    test('keeps secrets of different names apart', async () => {
      await subject.keep('huawei/acme-prod', PASSWORD);
      await subject.keep('huawei/acme-test', TOKEN);
      expect(await subject.store.read('huawei/acme-prod')).toEqual(PASSWORD);
      expect(await subject.store.read('huawei/acme-test')).toEqual(TOKEN);
    });

    test('gives what stands there now when asked for a fresh one', async () => {
      await subject.keep('huawei/acme-prod', TOKEN);
      await subject.store.read('huawei/acme-prod');
      await subject.keep('huawei/acme-prod', { ...TOKEN, token: 'FAKE-token-2' });
      const fresh = await subject.store.read('huawei/acme-prod', { fresh: true });
      expect(fresh).toEqual({ ...TOKEN, token: 'FAKE-token-2' });
    });

    test('finds a secret that was missing as soon as it is there', async () => {
      await subject.keep('huawei/acme-test', TOKEN);
      await expect(subject.store.read('huawei/acme-prod')).rejects.toThrow(InputError);
      await subject.keep('huawei/acme-prod', TOKEN);
      expect(await subject.store.read('huawei/acme-prod')).toEqual(TOKEN);
    });

    test.each(['huawei/acme-prod', '__proto__', 'constructor'])(
      'names a secret that is missing: %s',
      async (missing) => {
        await subject.keep('huawei/acme-test', TOKEN);
        const error = await subject.store.read(missing).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(InputError);
        expect(error).toMatchObject({ issues: [{ path: missing }] });
      },
    );

    test('lists all issues of a secret by path, and no character of what is in it', async () => {
      await subject.keep('huawei/acme-prod', {
        kind: 'password',
        user: 17,
        password: 'FAKE-password-1',
        pasword: 'FAKE-2',
      });
      const error = await subject.store.read('huawei/acme-prod').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InputError);
      expect(String(error)).toContain('Invalid secret "huawei/acme-prod":');
      expect(error).toMatchObject({ issues: [{ path: 'domain' }, { path: 'user' }, { path: 'pasword' }] });
      expect(String(error)).not.toContain('FAKE');
    });
  });
}
