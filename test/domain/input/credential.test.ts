import { describe, expect, it } from 'vitest';
import { InputError } from '../../../lib/domain/errors.ts';
import {
  passwordDoubt,
  readCredential,
  readCredentialText,
  secretsOf,
} from '../../../lib/domain/input/credential.ts';
import { issueText } from '../../../lib/domain/issue.ts';

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

  it('with several issues lists them all', () => {
    const { issues } = errorOf(() =>
      readCredential({ kind: 'password', domain: 3, usr: 'u', password: '' }, 'huawei/x'),
    );
    expect(issues.map(({ path }) => path).sort()).toEqual(['domain', 'password', 'usr']);
    expect(issues.find(({ path }) => path === 'usr')?.fix).toBe('did you mean "user"?');
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
    expect(`${error.message} ${JSON.stringify(error.issues)}`).not.toContain(SECRET);
  });

  it.each([`{"kind":"password","password":"${SECRET}"`, `${SECRET}`, `{"kind": ${SECRET}}`])(
    'that is not JSON is never shown either',
    (text) => {
      const error = errorOf(() => readCredentialText(text, 'huawei/x'));
      expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain('fake-secret');
      expect(error.message).toContain('not valid JSON');
    },
  );

  const PASSWORD = { kind: 'password', domain: 'd', user: 'u', password: SECRET };
  const KEY = { kind: 'access_key', access_key_id: 'AK', secret_access_key: SECRET };

  it.each([
    ['user', PASSWORD, 'anna ', 'ends with a space (U+0020); remove it'],
    ['user', PASSWORD, 'an\nna', 'holds a line break (U+000A); remove it'],
    ['domain', PASSWORD, '\u00a0acme', 'begins with a no-break space (U+00A0); remove it'],
    ['domain', PASSWORD, 'acme\ufffd', 'U+FFFD'],
    ['user', PASSWORD, '\ud800', 'holds half of a character (a lone surrogate)'],
    ['password', PASSWORD, `${SECRET}\udc00`, 'holds half of a character (a lone surrogate)'],
    ['password', PASSWORD, `${SECRET}\ufffd`, 'U+FFFD'],
    ['access_key_id', KEY, 'AK\n', 'ends with a line break (U+000A); remove it'],
    ['access_key_id', KEY, 'ÄK', 'must be one word of ASCII characters'],
    ['secret_access_key', KEY, `\t${SECRET}`, 'begins with a tab (U+0009); remove it'],
    ['secret_access_key', KEY, `${SECRET} ${SECRET}`, 'must be one word of ASCII characters'],
    ['secret_access_key', KEY, `${SECRET}\ud800`, 'holds half of a character (a lone surrogate)'],
    [
      'security_token',
      { ...KEY, security_token: '' },
      `${SECRET}\u200b`,
      'ends with a character without width',
    ],
    ['token', { kind: 'token' }, `${SECRET}\n`, 'ends with a line break (U+000A); remove it'],
    ['token', { kind: 'token' }, `${SECRET}\ud800`, 'holds half of a character (a lone surrogate)'],
  ])(
    'whose %s is not what anybody meant names the secret, the field and the character',
    (field, rest, value, message) => {
      const error = errorOf(() => readCredential({ ...rest, [field]: value }, 'huawei/acme'));
      expect(error.issues.map(({ path }) => path)).toEqual([field]);
      expect(error.issues.map(issueText)).toEqual([expect.stringContaining(message)]);
      expect(error.message).toContain('Invalid secret "huawei/acme":');
      expect(error.message).not.toContain(SECRET);
    },
  );

  it('may have a password with white space at its ends, of which is warned', () => {
    const doubtOf = (password: string) =>
      passwordDoubt(readCredential({ ...PASSWORD, password }, 'huawei/x'));
    expect(doubtOf(`${SECRET}\n`)).toBe('The password ends with a line break (U+000A)');
    expect(doubtOf(`\u200b${SECRET}`)).toBe('The password begins with a character without width (U+200B)');
    expect(doubtOf('pass word')).toBeUndefined();
    expect(passwordDoubt(readCredential({ kind: 'token', token: SECRET }, 'huawei/x'))).toBeUndefined();
  });

  it('is read behind a byte order mark', () => {
    expect(readCredentialText(`\ufeff${JSON.stringify(PASSWORD)}`, 'huawei/x')).toEqual(PASSWORD);
  });
});
