import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Encoding, Reply } from './reply.ts';

/** The body as it travels, with the header that tells how it is encoded. */
export function bodyBytes({ body, encoding }: Reply): { bytes: Buffer; headers: Record<string, string> } {
  const plain = Buffer.from(body);
  if (!encoding) return { bytes: plain, headers: {} };
  const encoded = ENCODERS[encoding.name](plain);
  return {
    bytes: encoding.isDamaged ? encoded.subarray(0, Math.floor(encoded.length / 2)) : encoded,
    headers: { 'content-encoding': encoding.name },
  };
}

const ENCODERS: Record<Encoding, (bytes: Buffer) => Buffer> = {
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
};
