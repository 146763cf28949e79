import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runWithSteps } from '../injected-steps.ts';
import { TASKS_PATH } from '../running-emulator.ts';

const DECODERS = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

test.each(['gzip', 'deflate', 'br', 'zstd'] as const)(
  'a body may be encoded with %s, although the caller did not ask for it',
  async (encoding) => {
    const { port } = await runWithSteps({ on: 'tasks', effect: { type: 'encoded', encoding } });
    const { headers, bytes } = await rawGet(port);
    expect(headers['content-encoding']).toBe(encoding);
    expect(JSON.parse(DECODERS[encoding](bytes).toString())).toMatchObject({ error_code: 'APIGW.0301' });
  },
);

test('an encoded body may end too early', async () => {
  const { port } = await runWithSteps({
    on: 'tasks',
    effect: { type: 'encoded', encoding: 'gzip', damaged: true },
  });
  const { headers, bytes } = await rawGet(port);
  expect(headers['content-length']).toBe(String(bytes.length));
  expect(() => gunzipSync(bytes)).toThrow('unexpected end of file');
});

/** A call without an Accept-Encoding header. */
function rawGet(port: number) {
  return new Promise<{ headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    request({ port, path: TASKS_PATH, headers: { connection: 'close' } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ headers: response.headers, bytes: Buffer.concat(chunks) });
    })
      .on('error', reject)
      .end();
  });
}
