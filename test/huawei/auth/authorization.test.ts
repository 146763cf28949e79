import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { keyAuthorization, tokenAuthorization } from '../../../lib/huawei/auth/authorization.ts';

const now = Temporal.Instant.from('2026-11-23T00:35:59.999Z');
const request = { method: 'POST' as const, url: new URL('https://h.example/v1/p'), headers: {}, body: '{}' };
const key = {
  kind: 'access_key' as const,
  access_key_id: 'FAKEACCESSKEYID',
  secret_access_key: 'fake-secret-key',
  security_token: 'fake-security-token',
};
const sign = (credential = key, skew = new Temporal.Duration()) =>
  keyAuthorization(credential, 'p', { clock: () => now, skew });

describe('what must never be shown', () => {
  it('is the token', () => {
    expect(tokenAuthorization('fake-token', 'p', 'token').secrets).toEqual(['fake-token']);
  });

  it('is the secret key and the security token, but not the id of the key', () => {
    expect(sign().secrets).toEqual(['fake-secret-key', 'fake-security-token']);
  });
});

describe('a signed request', () => {
  it('carries project, date and security token, and signs them', () => {
    const { headers } = sign().apply(request);
    expect(headers).toMatchObject({
      host: 'h.example',
      'x-project-id': 'p',
      'x-sdk-date': '20261123T003559Z',
      'x-security-token': 'fake-security-token',
    });
    expect(headers['authorization']).toContain(
      'SignedHeaders=host;x-project-id;x-sdk-date;x-security-token,',
    );
  });

  it('is dated by the clock of the server, ahead of ours or behind', () => {
    const date = (minutes: number) =>
      sign(key, Temporal.Duration.from({ minutes })).apply(request).headers['x-sdk-date'];
    expect([date(20), date(-20)]).toEqual(['20261123T005559Z', '20261123T001559Z']);
  });
});
