import { describe, expect, it } from 'vitest';
import { readCredential, readCredentialText, secretsOf } from '../../lib/domain/credential.ts';
import { InputError } from '../../lib/domain/errors.ts';

const SECRET = 'fake-secret-7f3a';

function errorOf(work: () => unknown): InputError {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a credential', () => {
  it.each([
    [{ kind: 'password', domain: 'd', user: 'u', password: SECRET }],
    [{ kind: 'token', token: SECRET }],
    [{ kind: 'access_key', access_key_id: 'AK', secret_access_key: SECRET }],
  ])('of each kind is read and its secret is known as one', (document) => {
    const credential = readCredentialText(JSON.stringify(document), 'huawei/x');
    expect(credential).toEqual(document);
    expect(secretsOf(credential)).toEqual([SECRET]);
  });

  it('counts a security token among its secrets', () => {
    const credential = readCredential(
      { kind: 'access_key', access_key_id: 'AK', secret_access_key: 'fake-sk', security_token: SECRET },
      'huawei/x',
    );
    expect(secretsOf(credential)).toEqual(['fake-sk', SECRET]);
  });

  it('with several faults lists them all', () => {
    const { faults } = errorOf(() =>
      readCredential({ kind: 'password', domain: 3, usr: 'u', password: '' }, 'huawei/x'),
    );
    expect(faults.map(({ path }) => path).sort()).toEqual(['domain', 'password', 'user', 'usr']);
    expect(faults.find(({ path }) => path === 'usr')?.problem).toContain('did you mean "user"?');
  });

  it.each([
    [{ kind: SECRET }],
    [{ kind: 'password', domain: 'd', user: 'u', password: { nested: SECRET } }],
    [{ kind: 'token', token: [SECRET] }],
    [{ kind: 'token', token: 'fake', expires_at: SECRET }],
    [SECRET],
    [[SECRET]],
  ])('that is wrong is never shown', (document) => {
    const error = errorOf(() => readCredential(document, 'huawei/x'));
    expect(`${error.message} ${JSON.stringify(error.faults)}`).not.toContain(SECRET);
  });

  it.each([`{"kind":"password","password":"${SECRET}"`, `${SECRET}`, `{"kind": ${SECRET}}`])(
    'that is not JSON is never shown either',
    (text) => {
      const error = errorOf(() => readCredentialText(text, 'huawei/x'));
      expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain('fake-secret');
      expect(error.message).toContain('not valid JSON');
    },
  );
});
