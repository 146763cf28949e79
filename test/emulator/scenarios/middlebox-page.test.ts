import { request } from 'undici';
import { expect, test } from 'vitest';
import type { ScenarioInput } from '../../../lib/emulator/scenarios/scenario.ts';
import { EXPORT_PATH, runEmulator } from '../running-emulator.ts';

type Page = Omit<Extract<NonNullable<ScenarioInput['steps']>[number]['effect'], { type: 'page' }>, 'type'>;

test.each([401, 403, 407, 502, 200])('a page with %i does not come from the cloud', async (status) => {
  const { emulator, text, ...reply } = await replyOf({ status });
  expect([reply.status, reply.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
  expect(reply.headers['server']).toBe('Example Web Gateway');
  expect(reply.headers).not.toHaveProperty('x-request-id');
  expect(text).toMatch(/^<!DOCTYPE html>/);
  expect(text).toContain('Example Web Gateway has stopped this request');
  expect(emulator.tasks()).toEqual([]);
});

test.each([
  [401, 'Basic realm="Corporate Proxy"', undefined],
  [407, undefined, 'Basic realm="Corporate Proxy"'],
  [403, undefined, undefined],
])('with %i it asks for its own credential where the status says so', async (status, www, proxy) => {
  const { headers } = await replyOf({ status, by: 'Corporate Proxy' });
  expect([headers['www-authenticate'], headers['proxy-authenticate']]).toEqual([www, proxy]);
});

test('it may say anything, in any type', async () => {
  const { headers, text } = await replyOf({ status: 403, content_type: 'application/json', text: '{}' });
  expect([headers['content-type'], text]).toEqual(['application/json', '{}']);
});

// Not fetch, which does not return replies with 407.
async function replyOf(page: Page) {
  const { emulator, origin } = await runEmulator({
    scenario: { steps: [{ on: 'any', effect: { type: 'page', ...page } }] },
  });
  const {
    statusCode: status,
    headers,
    body,
  } = await request(origin + EXPORT_PATH, { method: 'POST', body: '{}' });
  return { emulator, status, headers, text: await body.text() };
}
