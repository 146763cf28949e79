import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createHttp } from '../../../lib/huawei/http/http.ts';
import { MAX_REPLY_BYTES, readBody } from '../../../lib/huawei/http/reply-body.ts';
import { scriptedServer } from '../../support/network/scripted-server.ts';

const TEXT = '{"task_id":"tâsk"}';
const plain = Buffer.from(TEXT);

async function* inPieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
}

const read = (bytes: Uint8Array, encoding?: string) => readBody(inPieces(bytes), encoding);

describe('a body', () => {
  it.each([
    ['undefined', undefined, plain],
    ['identity', 'identity', plain],
    ['gzip', 'gzip', gzipSync(plain)],
    ['x-gzip', 'X-GZip', gzipSync(plain)],
    ['deflate', 'deflate', deflateSync(plain)],
    ['deflate without its wrapper', 'deflate', deflateRawSync(plain)],
    ['br', 'br', brotliCompressSync(plain)],
    ['two in a row', 'deflate , gzip', gzipSync(deflateSync(plain))],
  ])('is decoded: %s', async (_, encoding, bytes) => {
    expect(await read(bytes, encoding)).toEqual({ text: TEXT, issue: undefined });
  });

  it('that is empty is empty, whatever it is said to be', async () => {
    expect(await read(Buffer.alloc(0), 'gzip')).toEqual({ text: '', issue: undefined });
  });

  it.each([
    ['zstd', zstdCompressSync(plain), 'is encoded as "zstd", which is not known here'],
    ['gzip', plain, 'is not the gzip that it is said to be'],
    ['gzip', gzipSync(plain).subarray(0, -9), 'is not the gzip that it is said to be'],
    ['br', plain, 'is not the br that it is said to be'],
    ['gzip, gzip, gzip, gzip', plain, 'is encoded too many times'],
  ])('that cannot be decoded says so: %s', async (encoding, bytes, issue) => {
    expect(await read(bytes, encoding)).toEqual({ text: '', issue });
  });

  it.each([
    ['is sent', undefined, Buffer.alloc(MAX_REPLY_BYTES + 1, ' ')],
    ['a bomb becomes', 'gzip', gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))],
    ['a bomb in a bomb becomes', 'gzip, gzip', gzipSync(gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')))],
  ])('is read up to a limit, when more %s', async (_, encoding, bytes) => {
    const { text, issue } = await read(bytes, encoding);
    expect({ length: text.length, issue }).toEqual({
      length: MAX_REPLY_BYTES,
      issue: 'is longer than 4 MiB',
    });
  });

  it('at the limit is read whole', async () => {
    expect(await read(Buffer.alloc(MAX_REPLY_BYTES, ' '))).toMatchObject({ issue: undefined });
  });
});

it('the client decodes what nobody asked to be encoded', async () => {
  const url = await scriptedServer((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(plain)),
  );
  const reply = await createHttp()({ method: 'GET', url, headers: {} }, new AbortController().signal);
  expect(reply.body).toBe(TEXT);
  expect(reply).not.toHaveProperty('bodyIssue');
});
