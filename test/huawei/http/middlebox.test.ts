import type { OutgoingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCESS_KEY, PASSWORD } from '../../support/huawei/start-huawei.ts';
import { scriptedServer } from '../../support/network/scripted-server.ts';
import { expectNothingSecretSaid, failure, runApi, withProject } from '../running-api.ts';

afterEach(expectNothingSecretSaid);

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const page = (title: string) => `<!DOCTYPE html>\n<html><head><title>\n ${title}\n</title></head></html>`;

type Answer = [status: number, headers: OutgoingHttpHeaders, body: string];

async function middlebox([status, headers, body]: Answer) {
  const counted = { calls: 0 };
  const url = await scriptedServer((_, response) => {
    counted.calls += 1;
    response.writeHead(status, headers).end(body);
  });
  return Object.assign(url, counted, { count: () => counted.calls });
}

const AT_ONCE: [string, Answer, string][] = [
  [
    'a login page',
    [401, { ...HTML, server: 'squid/6.1' }, page('Log in')],
    'HTTP 401, Server: squid/6.1, titled "Log in"',
  ],
  [
    'a firewall',
    [403, { ...HTML, via: '1.1 gate' }, page('Blocked')],
    'HTTP 403, Via: 1.1 gate, titled "Blocked"',
  ],
  ['a proxy', [407, {}, ''], 'HTTP 407'],
  ['a network', [511, HTML, page('Log in')], 'HTTP 511, titled "Log in"'],
  ['a captive portal', [200, HTML, page('Hotel')], 'HTTP 200, titled "Hotel"'],
  [
    'another captive portal',
    [302, { location: 'http://hotel.example/x' }, ''],
    'HTTP 302, to http://hotel.example',
  ],
  ['a page without a type', [401, {}, '\n<html>'], 'HTTP 401'],
  ['plain text', [403, { 'content-type': 'text/plain' }, 'RBAC: access denied'], 'HTTP 403'],
  ['a server of other things', [404, HTML, page('404 Not Found')], 'HTTP 404, titled "404 Not Found"'],
];

describe.each(AT_ONCE)('%s in the place of Huawei', (_, answer, facts) => {
  it('is told as such to an export, and not asked again', async () => {
    const url = await middlebox(answer);
    const { submit } = await runApi(ACCESS_KEY);
    const error = await failure(submit({ ...withProject, endpoints: { export: url.origin } }));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'middlebox' });
    expect(error.message).toContain(
      `${url.host} itself did not answer: something in its place did (${facts}),`,
    );
    expect(error.message).not.toMatch(/secret|Allow |exportUserConnection in|request id/);
    expect(url.count()).toBe(1);
  });

  it('is told as such to the list of tasks', async () => {
    const url = await middlebox(answer);
    const { list } = await runApi(ACCESS_KEY);
    const error = await failure(list({}, { ...withProject, endpoints: { tasks: url.origin } }));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'middlebox' });
  });

  it('is no judgement of IAM on the password, which may be tried again', async () => {
    const url = await middlebox(answer);
    const { submit } = await runApi(PASSWORD);
    for (const tries of [1, 2]) {
      const error = await failure(submit({ endpoints: { iam: url.origin } }));
      expect(error).toMatchObject({ kind: 'unavailable', reason: 'middlebox' });
      expect(url.count()).toBe(tries);
    }
  });
});

it.each([502, 503, 504, 429])('the page of a gateway in trouble is asked again: %i', async (status) => {
  const url = await middlebox([status, { ...HTML, server: 'CloudWAF' }, page('Bad Gateway')]);
  const { submit } = await runApi(ACCESS_KEY);
  const error = await failure(submit({ ...withProject, endpoints: { export: url.origin } }));
  expect(error).toMatchObject({ kind: 'unavailable', reason: 'middlebox' });
  expect(error.message).toContain(`(HTTP ${status}, Server: CloudWAF, titled "Bad Gateway")`);
  expect(error.message).toContain('Tried 4 times');
  expect(url.count()).toBe(4);
});

describe('what Huawei itself may say is not taken for a middlebox', () => {
  it.each([
    [401, '{"error_code":"APIGW.0301","error_msg":"<html> is not the token"}', 'credential'],
    [401, '', 'credential'],
    [403, '{"error_code":"PAP5.0001"}', 'refused'],
    [400, '[]', 'refused'],
    [302, '', 'refused'],
    [200, 'OK', 'malformed_reply'],
  ])('%i %j', async (status, body, kind) => {
    const url = await middlebox([
      status,
      { 'content-type': 'application/json', location: '/x', server: 'x' },
      body,
    ]);
    const { submit } = await runApi(ACCESS_KEY);
    expect(await failure(submit({ ...withProject, endpoints: { export: url.origin } }))).toMatchObject({
      kind,
    });
  });
});

it('what a page says is bounded, and nothing secret that it quotes is repeated', async () => {
  const secret = ACCESS_KEY.secret_access_key;
  const answer: Answer = [403, { ...HTML, server: `x${secret}` }, page(`${secret} ${'y'.repeat(5_000)}`)];
  const url = await middlebox(answer);
  const { submit } = await runApi(ACCESS_KEY);
  const error = await failure(submit({ ...withProject, endpoints: { export: url.origin } }));
  expect(error.message).toContain('Server: x[redacted]');
  expect(error.message.length).toBeLessThan(800);
});
