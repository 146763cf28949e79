import { createServer, type ServerResponse } from 'node:http';
import { type AwsClientConfig, awsClientConfig } from './aws-client-config.ts';
import { listenOnLoopback } from './loopback.ts';

/** What a part of AWS that is out of order does with a request. */
export type AwsFault =
  | { refuse: string; message: string; status?: number }
  /** Sends this instead of what is expected. */
  | { answer: string }
  /** Takes the request and never answers, or stops in the middle of the answer. */
  | { stall: 'before the answer' | 'in the answer' };

export type AwsFaultServer = { clientConfig: AwsClientConfig; requests(): number; close(): Promise<void> };

/** Starts a server that answers every call of any AWS JSON service with the same fault. */
export async function startAwsFault(fault: AwsFault): Promise<AwsFaultServer> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    request.on('end', () => reply(response, fault));
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
    response.end(JSON.stringify({ __type: fault.refuse, message: fault.message }));
  } else if ('answer' in fault) {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(fault.answer);
  } else if (fault.stall === 'in the answer') {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': 1_000 });
    response.write('{');
  }
}
