import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Agent as AgentOfIndex, request as requestOfIndex } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Agent, EnvHttpProxyAgent, request } from '../../../lib/huawei/http/undici.ts';
import { type Loopback, listenOnLoopback } from '../../support/network/loopback.ts';

let server: Loopback;

beforeAll(async () => {
  server = await listenOnLoopback(
    createServer(async (request, response) => {
      const { method, url, headers } = request;
      response.end(JSON.stringify([method, url, headers['x-probe'], String(await buffer(request))]));
    }),
  );
});

afterAll(() => server.close());

it.each([
  { path: '/a?b=c', method: 'GET', headers: { 'x-probe': '1' } },
  { path: '/d', method: 'POST', body: 'e' },
] as const)('sends what undici sends: $method $path', async (options) => {
  const [narrowed, whole] = [new Agent(), new AgentOfIndex()];
  const { path, ...rest } = options;
  const reply = await request(narrowed, { origin: server.endpoint, ...options });
  const expected = await requestOfIndex(`${server.endpoint}${path}`, { dispatcher: whole, ...rest });
  expect(reply.statusCode).toBe(200);
  expect(await reply.body.json()).toEqual(await expected.body.json());
  await Promise.all([narrowed.close(), whole.close()]);
});

it('rejects as undici does when nobody listens', async () => {
  const origin = 'http://127.0.0.1:1';
  const agent = new Agent();
  const expected = await requestOfIndex(origin, { dispatcher: agent }).catch((error: unknown) => error);
  await expect(request(agent, { origin, path: '/', method: 'GET' })).rejects.toEqual(expected);
  await agent.close();
});

it('has the very agents of undici', async () => {
  expect(Agent).toBe(AgentOfIndex);
  expect(EnvHttpProxyAgent).toBe((await import('undici')).EnvHttpProxyAgent);
});
