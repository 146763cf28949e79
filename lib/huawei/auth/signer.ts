import { createHash, createHmac } from 'node:crypto';

/** A request exactly as it will be sent. `headers` are those that are signed, by lower-case name. */
export type SignableRequest = {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** The very bytes that are sent; empty for no body. */
  body: string | Uint8Array;
};

export type SigningKey = { accessKeyId: string; secretAccessKey: string };

const ALGORITHM = 'SDK-HMAC-SHA256';

/**
 * The `Authorization` header of Huawei's SDK-HMAC-SHA256 scheme. The headers must hold `x-sdk-date`
 * (`YYYYMMDDTHHMMSSZ`; the gateway allows 15 minutes of difference).
 * Source: Huawei's API signing guide (devg-apisign); the official Go, Java and Python SDKs agree with it.
 */
export function authorization(request: SignableRequest, key: SigningKey): string {
  const signature = sign(stringToSign(request), key.secretAccessKey);
  return `${ALGORITHM} Access=${key.accessKeyId}, SignedHeaders=${signedHeaderNames(request.headers)}, Signature=${signature}`;
}

/** Stage 1: method, path, query, headers, their names and the body's hash, a line each. */
export function canonicalRequest(request: SignableRequest): string {
  return [
    request.method,
    canonicalPath(request.url.pathname),
    canonicalQuery(request.url.searchParams),
    canonicalHeaders(request),
    signedHeaderNames(request.headers),
    request.headers['x-sdk-content-sha256'] ?? sha256(request.body),
  ].join('\n');
}

/** Stage 2: what the key is applied to. */
export function stringToSign(request: SignableRequest): string {
  return [ALGORITHM, request.headers['x-sdk-date'], sha256(canonicalRequest(request))].join('\n');
}

/** Stage 3: the signature. The key is used as it is, nothing is derived from it. */
export function sign(text: string, secretAccessKey: string): string {
  return createHmac('sha256', secretAccessKey).update(text).digest('hex');
}

/** `a=1&b=2`, sorted by key and then by value, both percent-encoded. */
export function canonicalQuery(parameters: URLSearchParams): string {
  return [...parameters]
    .map(([key, value]) => [percentEncode(key), percentEncode(value)] as const)
    .sort(([keyA, valueA], [keyB, valueB]) => compare(keyA, keyB) || compare(valueA, valueB))
    .map(([key, value]) => `${key}=${value}`)
    .join('&');
}

// The signed form ends in "/" even where the path that is sent does not.
function canonicalPath(pathname: string): string {
  const path = pathname
    .split('/')
    .map((segment) => percentEncode(decodeURIComponent(segment)))
    .join('/');
  return path.endsWith('/') ? path : `${path}/`;
}

function canonicalHeaders({ headers }: SignableRequest): string {
  return sortedNames(headers)
    .map((name) => `${name}:${headers[name]?.trim()}\n`)
    .join('');
}

/** The names of the signed headers, sorted and joined as written in the header and in stage 1. */
export function signedHeaderNames(headers: SignableRequest['headers']): string {
  return sortedNames(headers).join(';');
}

function sortedNames(headers: Readonly<Record<string, string>>): string[] {
  return Object.keys(headers).sort(compare);
}

// By code unit: a locale's order differs between machines.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// encodeURIComponent leaves five characters alone that the scheme encodes.
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
