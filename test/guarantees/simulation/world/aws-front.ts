import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { taskSubmitted } from '../../../../lib/domain/exports/message.ts';
import { type AwsClientConfig, awsClientConfig } from '../../../support/aws/client-config.ts';
import { listenOnLoopback } from '../../../support/network/loopback.ts';
import { type Chance, chanceFrom } from '../story/chance.ts';
import type { Failures } from '../story/failures.ts';
import type { Sent } from './deployment.ts';

/** The URLs of the stand-ins, by the start of the `x-amz-target` header. */
type Options = { now: () => number; dynamodb: string; sqs: string; secretsmanager: string };

/** The outcome of a call: success, an error, or a connection that is cut before, after or long before the work is done. */
type CallOutcome = 'done' | 'throttled' | 'broken' | 'cut before' | 'cut after' | 'done late';

type Call = { service: string; headers: IncomingMessage['headers']; body: Buffer };
type Answer = { status: number; headers: IncomingMessage['headers']; body: Buffer };

/** A front of AWS: forwards calls to stand-ins, or fails as AWS does. */
export async function startAwsFront({ now, ...services }: Options) {
  const sent: Sent[] = [];
  const agent = new Agent({ keepAlive: true });
  let [chance, failuresInHundred] = [chanceFrom(0), 0];
  let delayed: Call[] = [];

  const done = async (call: Call): Promise<Answer> => {
    const answer = await forward(call, agent);
    const message = messageIn(call, answer);
    if (message) sent.push({ message, at: now() });
    return answer;
  };
  const complete = async (): Promise<void> => {
    const late = delayed;
    delayed = [];
    for (const call of late) await done(call);
  };
  // A delayed call is done after some other calls.
  const completeSome = async (): Promise<void> => {
    if (delayed.length > 0 && chance.oneIn(3)) await complete();
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await callOf(incoming, services);
    const outcome = outcomeOf(chance, failuresInHundred);
    await completeSome();
    if (outcome === 'done late') delayed.push(call);
    const answer = IS_DONE.has(outcome) ? await done(call) : ERRORS[outcome];
    reply(response, outcome === 'cut after' ? undefined : answer);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const { endpoint, close } = await listenOnLoopback(server);
  const clientConfig: AwsClientConfig & { maxAttempts: number } = {
    ...awsClientConfig(endpoint),
    maxAttempts: 3,
  };
  return {
    clientConfig,
    sent: (): readonly Sent[] => sent,
    /** Sets the failures. Delayed calls are done when it resolves. */
    injectFailures: async (failures: Failures['aws']): Promise<void> => {
      await complete();
      chance = chanceFrom(failures.seed);
      failuresInHundred = failures.failuresInHundred;
    },
    close: async (): Promise<void> => {
      agent.destroy();
      await close();
    },
  };
}

const IS_DONE: ReadonlySet<CallOutcome> = new Set(['done', 'cut after']);

const ERRORS: Partial<Record<CallOutcome, Answer>> = {
  throttled: errorAnswer(400, 'ThrottlingException'),
  broken: errorAnswer(500, 'InternalServerError'),
};

function outcomeOf(chance: Chance, failuresInHundred: number): CallOutcome {
  if (chance.below(100) >= failuresInHundred) return 'done';
  return chance.pick(['throttled', 'broken', 'cut before', 'cut after', 'done late']);
}

async function callOf(incoming: IncomingMessage, services: Record<string, string>): Promise<Call> {
  const target = String(incoming.headers['x-amz-target']).toLowerCase();
  const service = Object.entries(services).find(([name]) =>
    target.replace('amazon', '').startsWith(name),
  )?.[1];
  if (!service) throw new Error(`The front does not know ${target}.`);
  return { service, headers: incoming.headers, body: await buffer(incoming) };
}

function forward({ service, headers, body }: Call, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(service, { method: 'POST', headers, agent }, (reply) => {
      buffer(reply).then(
        (text) => resolve({ status: reply.statusCode ?? 500, headers: reply.headers, body: text }),
        reject,
      );
    });
    outgoing.on('error', reject).end(body);
  });
}

function messageIn({ headers, body }: Call, { status }: Answer): Sent['message'] | undefined {
  if (status !== 200 || headers['x-amz-target'] !== 'AmazonSQS.SendMessage') return undefined;
  return taskSubmitted.parse(JSON.parse(JSON.parse(body.toString()).MessageBody));
}

// Without an answer the connection is cut.
function reply(response: ServerResponse, answer: Answer | undefined): void {
  if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
  else response.destroy();
}

function errorAnswer(status: number, type: string): Answer {
  const body = JSON.stringify({ __type: type, message: 'The simulated AWS does not do this now.' });
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: Buffer.from(body) };
}
