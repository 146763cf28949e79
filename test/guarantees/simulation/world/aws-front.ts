import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { taskSubmitted } from '../../../../lib/domain/exports/message.ts';
import { type AwsClientConfig, awsClientConfig } from '../../../support/aws/client-config.ts';
import { listenOnLoopback } from '../../../support/network/loopback.ts';
import { type Chance, chanceFrom } from '../story/chance.ts';
import type { Trouble } from '../story/failures.ts';
import type { Sent } from './deployment.ts';

/** Where the stand-ins are, by the beginning of what `x-amz-target` says. */
type Options = { now: () => number; dynamodb: string; sqs: string; secretsmanager: string };

/** What may happen to a call: nothing; a refusal; or a connection that is cut before, after or long before it is done. */
type Fate = 'done' | 'throttled' | 'broken' | 'cut before' | 'cut after' | 'done late';

type Call = { service: string; headers: IncomingMessage['headers']; body: Buffer };
type Answer = { status: number; headers: IncomingMessage['headers']; body: Buffer };

/** A front of AWS: hands calls on to stand-ins, or fails as AWS does. */
export async function startAwsFront({ now, ...services }: Options) {
  const sent: Sent[] = [];
  const agent = new Agent({ keepAlive: true });
  let [chance, failuresInHundred] = [chanceFrom(0), 0];
  let held: Call[] = [];

  const done = async (call: Call): Promise<Answer> => {
    const answer = await handOn(call, agent);
    const message = messageIn(call, answer);
    if (message) sent.push({ message, at: now() });
    return answer;
  };
  const land = async (): Promise<void> => {
    const late = held;
    held = [];
    for (const call of late) await done(call);
  };
  // What hangs somewhere in AWS lands after some other calls.
  const landSome = async (): Promise<void> => {
    if (held.length > 0 && chance.oneIn(3)) await land();
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await callOf(incoming, services);
    const fate = fateOf(chance, failuresInHundred);
    await landSome();
    if (fate === 'done late') held.push(call);
    const answer = IS_DONE.has(fate) ? await done(call) : REFUSALS[fate];
    reply(response, fate === 'cut after' ? undefined : answer);
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
    /** What fails from now on. What hung in AWS so far has landed when it resolves. */
    meet: async (trouble: Trouble['aws']): Promise<void> => {
      await land();
      chance = chanceFrom(trouble.seed);
      failuresInHundred = trouble.failuresInHundred;
    },
    close: async (): Promise<void> => {
      agent.destroy();
      await close();
    },
  };
}

const IS_DONE: ReadonlySet<Fate> = new Set(['done', 'cut after']);

const REFUSALS: Partial<Record<Fate, Answer>> = {
  throttled: refusal(400, 'ThrottlingException'),
  broken: refusal(500, 'InternalServerError'),
};

function fateOf(chance: Chance, failuresInHundred: number): Fate {
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

function handOn({ service, headers, body }: Call, agent: Agent): Promise<Answer> {
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

function refusal(status: number, type: string): Answer {
  const body = JSON.stringify({ __type: type, message: 'The simulated AWS does not do this now.' });
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: Buffer.from(body) };
}
