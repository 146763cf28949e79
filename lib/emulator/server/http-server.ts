import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type Encoding, gatewayError, type Reply } from './reply.ts';
import { LARGEST_BODY, type Received } from './request.ts';

/** Answers one request, Date header included; `cut` closes the connection without an answer. Must not throw. */
export type Serve = (received: Received, closing: AbortSignal) => Promise<Reply | 'cut'>;

type Options = {
  serve: Serve;
  now: () => number;
  /** The Date header, as headers, of what is answered before anybody knows what was called. */
  date: () => Record<string, string>;
  /** A request that is not HTTP, or whose headers are too large, was refused with `status`. */
  unreadable: (status: number, note: string) => void;
};

/** All headers together, as the gateway allows. Source: error table of the Open Telekom Cloud gateway (128 KB). */
const LARGEST_HEADERS = 128 * 1024;

/** What a caller who went away in the middle of a request leaves behind. */
const HUNG_UP = ['ECONNRESET', 'HPE_INVALID_EOF_STATE'];

/** Beyond this, a body is not even read to be thrown away. */
const LONGEST_DRAIN = 4 * LARGEST_BODY;

/** The emulator's only contact with sockets. */
export function createHttpServer(options: Options) {
  let closing = new AbortController();
  const server = createServer({ maxHeaderSize: LARGEST_HEADERS }, (request, response) => {
    void handle(request, response, { ...options, closing: closing.signal });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (HUNG_UP.includes(error.code ?? '') || !socket.writable) socket.destroy();
    else refuse(socket, error.code === 'HPE_HEADER_OVERFLOW' ? 494 : 400, options);
  });
  return {
    listen: (port: number): Promise<number> => {
      closing = new AbortController();
      return listen(server, port);
    },
    close: (): Promise<void> => {
      closing.abort();
      return close(server);
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { serve, now, closing }: Options & { closing: AbortSignal },
): Promise<void> {
  const at = now();
  // A request that was abandoned no longer knows its socket.
  const { socket } = request;
  const body = await readBody(request);
  if (body === 'gone') return void socket.destroy();
  const reply = await serve(receivedOf(request, body, at), closing);
  if (reply === 'cut') return void socket.destroy();
  const { bytes, headers } = bodyBytes(reply);
  response.sendDate = false;
  response.writeHead(reply.status, { ...reply.headers, ...headers, 'content-length': bytes.length });
  response.end(bytes);
}

// A body that is too large is still read: a reply to somebody who is sending is rarely seen.
async function readBody(request: IncomingMessage): Promise<Buffer | 'too_large' | 'gone'> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += chunk.length;
      if (length > LONGEST_DRAIN) return 'gone';
      if (length <= LARGEST_BODY) chunks.push(chunk);
    }
  } catch {
    return 'gone';
  }
  return length > LARGEST_BODY ? 'too_large' : Buffer.concat(chunks);
}

function receivedOf(request: IncomingMessage, body: Buffer | 'too_large', at: number): Received {
  const target = request.url ?? '/';
  return {
    method: request.method ?? '',
    url: urlOf(target),
    targetLength: target.length,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    body: body === 'too_large' ? Buffer.alloc(0) : body,
    isBodyTooLarge: body === 'too_large',
    at,
  };
}

// "*" and whole URLs are targets too; what cannot be read at all becomes a path that no call has.
function urlOf(target: string): URL {
  const text = target.startsWith('/') ? `http://emulator${target}` : target;
  return URL.canParse(text) ? new URL(text) : new URL('http://emulator/unreadable');
}

function refuse(socket: Socket, status: number, { date, unreadable }: Options): void {
  const message = status === 494 ? 'Request header too large.' : 'Bad request.';
  unreadable(status, message);
  const { headers, body } = gatewayError({ status, code: 'APIGW.0201', message });
  const head = { ...headers, ...date(), 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries({ ...head, connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!server.listening) return resolve();
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

/** The body as it travels, with the header that tells how it is encoded. */
function bodyBytes({ body, encoding }: Reply): { bytes: Buffer; headers: Record<string, string> } {
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
