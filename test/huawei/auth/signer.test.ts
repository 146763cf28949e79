import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  authorization,
  canonicalQuery,
  canonicalRequest,
  sign,
  signedHeaderNames,
  stringToSign,
} from '../../../lib/huawei/auth/signer.ts';

type Vector = {
  name: string;
  source: string;
  key: { access_key_id: string; secret_access_key: string };
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  canonical_request: string;
  string_to_sign: string;
  signature: string;
};

const vectors: Vector[] = JSON.parse(
  readFileSync(new URL('../../fixtures/signer/vectors.json', import.meta.url), 'utf8'),
);

describe.each(vectors)('vector $name ($source)', (vector) => {
  const { method, headers, body } = vector;
  const request = { method, url: new URL(vector.url), headers, body };

  it('gives its canonical request', () => {
    expect(canonicalRequest(request)).toBe(vector.canonical_request);
  });

  it('gives its string to sign', () => {
    expect(stringToSign(request)).toBe(vector.string_to_sign);
  });

  it('gives its signature', () => {
    expect(sign(vector.string_to_sign, vector.key.secret_access_key)).toBe(vector.signature);
  });

  it('gives its header', () => {
    const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = vector.key;
    expect(authorization(request, { accessKeyId, secretAccessKey })).toBe(
      `SDK-HMAC-SHA256 Access=${accessKeyId}, SignedHeaders=${signedHeaderNames(headers)}, Signature=${vector.signature}`,
    );
  });
});

it.each([
  ['V1', 'b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a'],
  ['own', '2f7018b0cbb57a42e4b1650a1a2903187d18edf19a742ef40a1c794731e93b5e'],
])('the canonical request of %s has the published hash', (name, hash) => {
  const vector = vectors.find((one) => one.name === name);
  expect(
    createHash('sha256')
      .update(vector?.canonical_request ?? '')
      .digest('hex'),
  ).toBe(hash);
});

it('vector V9 (Go signer_test): a query is sorted by key and value and encoded strictly', () => {
  const query = new URLSearchParams([
    ['limit', '1'],
    ['enable', 'true'],
    ['path', '/tmp/123'],
    ['multi', '3'],
    ['multi', '1'],
    ['multi', '2'],
    ['test', '\u4e00 (&=?!#%.*)'],
  ]);
  expect(canonicalQuery(query)).toBe(
    'enable=true&limit=1&multi=1&multi=2&multi=3&path=%2Ftmp%2F123&test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29',
  );
});

it('the bytes of the body are signed, not their meaning', () => {
  const request = (body: string) => ({
    method: 'POST',
    url: new URL('https://example.com/'),
    headers: { 'x-sdk-date': '20191115T033655Z' },
    body,
  });
  expect(stringToSign(request('{"a":1}'))).not.toBe(stringToSign(request('{ "a":1}')));
});
