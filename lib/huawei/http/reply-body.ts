/** The text of a reply's body. `issue` says why it is not what was sent, as in "is longer than 4 MiB". */
export type ReplyText = { text: string; issue: string | undefined };

/** A page of the task list has 100 tasks, so this leaves 40 kB for each; every other reply is far smaller. */
export const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/**
 * Reads a body up to a limit, both encoded and decoded, and leaves the rest unread. An encoding is undone although none
 * was asked for: some proxies add one. Throws what the body throws when the connection breaks.
 */
export async function readBody(body: Body, encoding = ''): Promise<ReplyText> {
  // In the order in which they were put on (RFC 9110, 8.4).
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length > MOST_ENCODINGS) {
    discard(body);
    return { text: '', issue: 'is encoded too many times' };
  }
  let read = await readUpTo(body);
  for (const name of names.reverse()) {
    const decoded = await decode(read.bytes, name);
    read = { bytes: decoded.bytes, issue: read.issue ?? decoded.issue };
  }
  return { text: new TextDecoder().decode(read.bytes), issue: read.issue };
}

/** The parsed body, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a reply comes with: bytes, of a stream where they come over a connection. */
type Body = AsyncIterable<Uint8Array> & {
  on?(event: 'error', listener: () => void): unknown;
  destroy?(): unknown;
};

const MOST_ENCODINGS = 3;
const TOO_LONG = `is longer than ${MAX_REPLY_BYTES / 1024 / 1024} MiB`;
const NOTHING = new Uint8Array();

// A body that nobody reads keeps its connection open. That it ends early is no error here.
function discard(body: Body): void {
  body.on?.('error', () => undefined);
  body.destroy?.();
}

type Read = { bytes: Uint8Array; issue: string | undefined };

async function readUpTo(body: AsyncIterable<Uint8Array>): Promise<Read> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_REPLY_BYTES)
      return { bytes: Buffer.concat(chunks).subarray(0, MAX_REPLY_BYTES), issue: TOO_LONG };
  }
  return { bytes: Buffer.concat(chunks), issue: undefined };
}

async function decode(encoded: Uint8Array, name: string): Promise<Read> {
  const decoder = await decoderFor(name, encoded);
  if (!decoder)
    return { bytes: NOTHING, issue: `is encoded as "${name.slice(0, 40)}", which is not known here` };
  // The reply to a HEAD-like call may name an encoding and have no body.
  if (encoded.length === 0) return { bytes: NOTHING, issue: undefined };
  try {
    decoder.end(encoded);
    return await readUpTo(decoder);
  } catch {
    return { bytes: NOTHING, issue: `is not the ${name} that it is said to be` };
  }
}

async function decoderFor(name: string, encoded: Uint8Array) {
  const { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } = await import('node:zlib');
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      // Some servers leave out the wrapper that RFC 9110 (8.4.1.2) asks for, whose first byte ends in 8.
      return (encoded[0] ?? 0) % 16 === 8 ? createInflate() : createInflateRaw();
    default:
      return undefined;
  }
}
