import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type Encoding, gatewayError, type Reply } from './reply.ts';
import { LARGEST_BODY, type Request } from './request.ts';

/** Answers one request, with the Date header; `cut` closes the connection without an answer. Must not throw. */
export type Serve = (request: Request, closing: AbortSignal) => Promise<Reply | 'cut'>;

type Options = {
  serve: Serve;
  now: () => number;
  /** The Date header of a reply that is sent before the call is known. */
  date: () => Record<string, string>;
  /** Called when a request is no HTTP, or has too large headers, and was answered with `status`. */
  unreadable: (status: number, note: string) => void;
};

/** All headers together, as the gateway allows. Source: error table of the Open Telekom Cloud gateway (128 KB). */
const LARGEST_HEADERS = 128 * 1024;

/** Errors of a connection that the caller closed in the middle of a request. */
const HUNG_UP = ['ECONNRESET', 'HPE_INVALID_EOF_STATE'];

/** A body that is longer is not read to its end: the connection is closed. */
const LONGEST_DRAIN = 4 * LARGEST_BODY;

/** An HTTP server on the loopback interface: sockets, sizes and encodings, and nothing of the cloud. */
export function createHttpServer(options: Options) {
  let closing = new AbortController();
  const server = createServer({ maxHeaderSize: LARGEST_HEADERS }, (incoming, response) => {
    void handle(incoming, response, { ...options, closing: closing.signal });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (HUNG_UP.includes(error.code ?? '') || !socket.writable) socket.destroy();
    else rejectRequest(socket, error.code === 'HPE_HEADER_OVERFLOW' ? 494 : 400, options);
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
  incoming: IncomingMessage,
  response: ServerResponse,
  { serve, now, closing }: Options & { closing: AbortSignal },
): Promise<void> {
  const at = now();
  // After the caller has gone, the message no longer knows its socket.
  const { socket } = incoming;
  const body = await readBody(incoming);
  if (body === 'aborted') return void socket.destroy();
  const reply = await serve(requestOf(incoming, body, at), closing);
  if (reply === 'cut') return void socket.destroy();
  const { bytes, headers } = bodyBytes(reply);
  response.sendDate = false;
  response.writeHead(reply.status, { ...reply.headers, ...headers, 'content-length': bytes.length });
  response.end(bytes);
}

// A body that is too large is still read, because a client that is sending rarely reads a reply.
async function readBody(incoming: IncomingMessage): Promise<Buffer | 'too_large' | 'aborted'> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of incoming) {
      length += chunk.length;
      if (length > LONGEST_DRAIN) return 'aborted';
      if (length <= LARGEST_BODY) chunks.push(chunk);
    }
  } catch {
    return 'aborted';
  }
  return length > LARGEST_BODY ? 'too_large' : Buffer.concat(chunks);
}

function requestOf(incoming: IncomingMessage, body: Buffer | 'too_large', at: number): Request {
  const target = incoming.url ?? '/';
  return {
    method: incoming.method ?? '',
    url: urlOf(target),
    targetLength: target.length,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    body: body === 'too_large' ? Buffer.alloc(0) : body,
    isBodyTooLarge: body === 'too_large',
    at,
  };
}

// "*" and whole URLs are request targets too. A target that cannot be read becomes a path that no call has.
function urlOf(target: string): URL {
  const text = target.startsWith('/') ? `http://emulator${target}` : target;
  return URL.canParse(text) ? new URL(text) : new URL('http://emulator/unreadable');
}

/** The body as it is sent, with the header that names its encoding. */
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

function rejectRequest(socket: Socket, status: number, { date, unreadable }: Options): void {
  const message = status === 494 ? 'Request header too large.' : 'Bad request.';
  unreadable(status, message);
  const { headers, body } = gatewayError({ status, code: 'APIGW.0201', message });
  const head = { ...headers, ...date(), 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries({ ...head, connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} Rejected\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
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
