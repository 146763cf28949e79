import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { type Loopback, listenOnLoopback } from '../support/network/loopback.ts';
import { folderWith, runBuilt, runUnbuilt } from './built-code.ts';

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

it('sends what undici sends, through the agent that it is given', async () => {
  const source = `
    export const handler = async (origin) => {
      const { Agent, request } = await import('undici');
      const agent = new Agent();
      let dispatched = 0;
      const dispatch = agent.dispatch.bind(agent);
      agent.dispatch = (...given) => { dispatched += 1; return dispatch(...given); };
      const reply = async (url, options) => (await request(url, { dispatcher: agent, ...options })).body.json();
      const replies = [
        await reply(origin + '/a?b=c', { headers: { 'x-probe': '1' } }),
        await reply(new URL(origin), { path: 'd', method: 'POST', body: 'e' }),
        await reply(origin, { body: 'f' }),
      ];
      const refusal = await (async () => request(origin, { agent }))().catch(String);
      await agent.close();
      return { replies, dispatched, refusal };
    };`;
  const built = await runBuilt(source, server.endpoint);
  expect(built).toMatchObject({
    replies: [
      ['GET', '/a?b=c', '1', ''],
      ['POST', '/d', null, 'e'],
      ['PUT', '/', null, 'f'],
    ],
    dispatched: 3,
  });
  expect(await runUnbuilt(source, server.endpoint)).toEqual(built);
});

it('sends through the global agent when none is given', async () => {
  const source = `
    import { request } from 'undici';
    export const handler = async (url) => {
      const { statusCode, body } = await request(url);
      await body.dump();
      return statusCode;
    };`;
  expect(await runBuilt(source, server.endpoint)).toBe(200);
});

it.each([
  `import { fetch } from 'undici'; export const handler = () => fetch('http://127.0.0.1');`,
  `export const handler = async () => { const { fetch } = await import('undici'); return fetch; };`,
])('fails the build when a source takes another name of undici: %s', async (source) => {
  const root = await folderWith({ 'functions/probe.ts': source });
  await expect(buildFunctions({ root, functions: ['probe'] })).rejects.toThrow(/fetch/);
});

it('fails the build when undici makes its request in another way', async () => {
  const root = await folderWith({
    'functions/probe.ts': `export { request as handler } from './vendor/probe.js';`,
    'functions/vendor/probe.js': `export { request } from 'undici';`,
    'functions/vendor/node_modules/undici/index.js': 'module.exports.request = () => {};',
  });
  await expect(buildFunctions({ root, functions: ['probe'] })).rejects.toThrow(
    'fix lib/build/narrow-undici.ts',
  );
});
