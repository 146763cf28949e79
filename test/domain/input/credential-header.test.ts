import { expect, it } from 'vitest';
import { readCredential } from '../../../lib/domain/input/credential.ts';

it.each([
  ['token', { kind: 'token', token: 'fake-token\n' }],
  ['token', { kind: 'token', token: 'fake token' }],
  ['token', { kind: 'token', token: 'fake\r\ntoken' }],
  ['access_key_id', { kind: 'access_key', access_key_id: 'AK\n', secret_access_key: 'fake' }],
  ['secret_access_key', { kind: 'access_key', access_key_id: 'AK', secret_access_key: 'fake\u00a0' }],
  [
    'security_token',
    { kind: 'access_key', access_key_id: 'A', secret_access_key: 'f', security_token: 'ü€' },
  ],
])('a %s that cannot stand in a header is an issue of the secret', (path, document) => {
  expect(() => readCredential(document, 'huawei/x')).toThrow(path);
});
