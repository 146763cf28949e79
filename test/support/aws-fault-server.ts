import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type AwsClientConfig, awsClientConfig } from './aws-client-config.ts';
import { listenOnLoopback } from './loopback.ts';

/** What a part of AWS that is out of order does with a request. */
export type AwsFault =
  /** `more`: what else stands in the refusal. */
  | { refuse: string; message: string; status?: number; more?: object }
  /** Sends this instead of what is expected. */
  | { answer: string }
  /** Takes the request and never answers, or never comes to the end of the answer. */
  | { stall: 'before the answer' | 'in its head, drop by drop' | 'in its body' };

export type AwsFaultServer = {
  clientConfig: AwsClientConfig;
  /** The bodies that came in. */
  requests(): string[];
  close(): Promise<void>;
};

/** Starts a server that answers every call of any AWS JSON service with the same fault, or with that for its body. */
export async function startAwsFault(fault: AwsFault | ((body: object) => AwsFault)): Promise<AwsFaultServer> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    requests.push(body);
    reply(response, typeof fault === 'function' ? fault(JSON.parse(body)) : fault);
  });
  const { endpoint, close } = await listenOnLoopback(server);
  return {
    clientConfig: awsClientConfig(endpoint),
    requests: () => requests,
    close,
  };
}

function reply(response: ServerResponse, fault: AwsFault): void {
  if ('refuse' in fault) {
    response.writeHead(fault.status ?? 400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: fault.refuse, message: fault.message, ...fault.more }));
  } else if ('answer' in fault) {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(fault.answer);
  } else {
    stall(response, fault.stall);
  }
}

function stall(response: ServerResponse, where: Extract<AwsFault, { stall: string }>['stall']): void {
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
