import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../network/loopback.ts';
import { type AwsClientConfig, awsClientConfig } from './client-config.ts';

/** How a failing service of AWS answers a request. */
export type AwsFailure =
  /** An error reply. `more`: further fields of its body. */
  | { refuse: string; message: string; status?: number; more?: object }
  /** Sends this body instead of the expected one. */
  | { answer: string }
  /** Reads the request and never answers, or never ends the answer. */
  | { stall: 'before the answer' | 'in its head, drop by drop' | 'in its body' };

export type FailingAws = {
  clientConfig: AwsClientConfig;
  /** The bodies of the requests. */
  requests(): string[];
  close(): Promise<void>;
};

/** Starts a server that answers every call of any AWS JSON service with the same failure, or with the one for its body. */
export async function startFailingAws(
  failure: AwsFailure | ((body: object) => AwsFailure),
): Promise<FailingAws> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    requests.push(body);
    reply(response, typeof failure === 'function' ? failure(JSON.parse(body)) : failure);
  });
  const { endpoint, close } = await listenOnLoopback(server);
  return {
    clientConfig: awsClientConfig(endpoint),
    requests: () => requests,
    close,
  };
}

function reply(response: ServerResponse, failure: AwsFailure): void {
  if ('refuse' in failure) {
    response.writeHead(failure.status ?? 400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: failure.refuse, message: failure.message, ...failure.more }));
  } else if ('answer' in failure) {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(failure.answer);
  } else {
    stall(response, failure.stall);
  }
}

function stall(response: ServerResponse, where: Extract<AwsFailure, { stall: string }>['stall']): void {
  if (where === 'in its body') {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': 1_000 });
    response.write('{');
  } else if (where === 'in its head, drop by drop') {
    const { socket } = response;
    socket?.write('HTTP/1.1 200 OK\r\n');
    const drops = setInterval(() => socket?.write('x-drop: 1\r\n'), 500);
    socket?.on('close', () => clearInterval(drops));
  }
}
