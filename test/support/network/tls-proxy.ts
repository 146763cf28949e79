import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures', 'tls');

/** The certificate of the authority that signed the one of `huawei.example` and its subdomains. */
export const CA_FILE = join(FIXTURES, 'ca.pem');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A TLS server for `*.huawei.example` on a free loopback port, until the end of the test. */
export async function tlsServer(answer: Answer): Promise<number> {
  const [key, cert] = ['host.key', 'host.pem'].map((name) => readFileSync(join(FIXTURES, name)));
  return listen(createTlsServer({ ...(key ? { key } : {}), ...(cert ? { cert } : {}) }, answer));
}

/** Forwards every request to a server without TLS. */
export function forwardTo(origin: string): Answer {
  return (incoming, response) => {
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, origin), { ...(method ? { method } : {}), headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    incoming.pipe(onward);
  };
}

/** A request to a proxy: the target as `name:port`, and the credentials. */
export type Connect = { host: string; authorization: string | undefined };

/** A proxy on a free loopback port. It connects every name to `port` of the loopback. */
export async function connectProxy(port: number, status: number | 'silence' = 200) {
  const asked: Connect[] = [];
  const server = createServer((_, response) => response.writeHead(400).end());
  server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
    asked.push({ host: url, authorization: headers['proxy-authorization'] });
    if (status === 'silence') return;
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const onward = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 Go\r\n\r\n'));
    onward.pipe(socket).pipe(onward);
    for (const end of [onward, socket]) end.on('error', () => [onward, socket].map((one) => one.destroy()));
  });
  return { port: await listen(server), asked };
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
