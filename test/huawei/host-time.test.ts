import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { InterruptedError, UnavailableError } from '../../lib/domain/errors.ts';
import { createVendorHosts } from '../../lib/huawei/host-time.ts';
import { startHuawei, targetAt } from '../support/huawei/start-huawei.ts';
import { scriptedServer } from '../support/network/scripted-server.ts';

const never = new AbortController().signal;
const timeOuts = { connect: 1_000, headers: 300, body: 300 };
const DATE = 'Mon, 23 Nov 2026 00:35:07 GMT';

/** What a host is taken to say that answers every question alike, and what it was asked. */
async function ask(status: number, headers: OutgoingHttpHeaders, body = '{}') {
  const asked: IncomingMessage[] = [];
  const { origin } = await scriptedServer((request, response) => {
    asked.push(request);
    response.sendDate = false;
    response.writeHead(status, headers).end(body);
  });
  const said = await createVendorHosts({ timeOuts }).askTime(targetAt(origin), 'export', never);
  return { said, asked, origin };
}

describe('the time of a host', () => {
  it.each(['export', 'tasks', 'iam'] as const)('is the Date of its refusal: %s', async (host) => {
    const { emulator, origin } = await startHuawei({}, '2026-11-23T00:35:07.9Z');
    const said = await createVendorHosts().askTime(targetAt(origin), host, never);
    const at = Temporal.Instant.from('2026-11-23T00:35:07Z');
    expect(said).toEqual({ kind: 'time', at, status: expect.any(Number) });
    expect(emulator.requests()).toHaveLength(1);
  });

  it.each([200, 401, 403, 404, 429, 500, 503])('is taken from a reply of status %i', async (status) => {
    const { said } = await ask(status, { date: DATE });
    expect(said).toEqual({ kind: 'time', at: Temporal.Instant.from('2026-11-23T00:35:07Z'), status });
  });

  it('is asked for without a credential, and with the id of the project where it is known', async () => {
    const { asked } = await ask(401, { date: DATE });
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /v2/${'0'.repeat(32)}/export-tasks?limit=1`,
    ]);
    expect(asked[0]?.headers).not.toHaveProperty('authorization');
    expect(asked[0]?.headers).not.toHaveProperty('x-auth-token');
  });

  it.each([
    ['is not there', {}, 'answers without a Date (HTTP 401)'],
    ['is garbage', { date: 'yesterday' }, 'has a Date that is none: "yesterday"'],
    ['is a number', { date: '1795393800' }, 'has a Date that is none'],
    ['is no day of the calendar', { date: 'Tue, 31 Feb 2026 00:00:00 GMT' }, 'has a Date that is none'],
    ['has no zone', { date: 'Mon, 23 Nov 2026 00:35:07' }, 'has a Date that is none'],
    ['has another zone', { date: 'Mon, 23 Nov 2026 00:35:07 +0800' }, 'has a Date that is none'],
    ['is that of a cache', { date: DATE, age: '600' }, 'answers from a cache (Age: 600)'],
  ])('is unknown where the Date %s', async (_, headers, why) => {
    const { said, asked, origin } = await ask(401, headers);
    expect(said).toEqual({ kind: 'no_time', reason: expect.stringContaining(`${origin} ${why}`) });
    expect(asked).toHaveLength(1);
  });

  it.each([
    [200, { 'content-type': 'text/html' }, '<title>Hotel\n Wi-Fi</title>', 'titled "Hotel Wi-Fi"'],
    [401, { server: 'squid/6.1' }, '<!DOCTYPE html><p>Log in', 'HTTP 401, Server: squid/6.1'],
    [502, { via: '1.1 gate', 'content-type': 'text/html; charset=utf-8' }, '', 'Via: 1.1 gate'],
    [407, {}, '', 'something in between answered (HTTP 407)'],
    [511, {}, '', 'something in between answered (HTTP 511)'],
    [302, { location: 'http://portal.example/' }, '', 'HTTP 302, to http://portal.example)'],
    [302, { location: '/elsewhere' }, '', 'redirect (HTTP 302)'],
  ])('is not that of a middlebox that answers %i', async (status, headers, body, why) => {
    const { said } = await ask(status, { date: DATE, ...headers }, body);
    expect(said).toEqual({ kind: 'no_time', reason: expect.stringContaining(why) });
  });

  it('is asked for once more when the connection breaks', async () => {
    let asked = 0;
    const { origin } = await scriptedServer((request, response) => {
      asked += 1;
      if (asked === 1) request.socket.destroy();
      else response.writeHead(401, { date: DATE }).end();
    });
    const said = await createVendorHosts({ timeOuts }).askTime(targetAt(origin), 'export', never);
    expect(said).toMatchObject({ kind: 'time' });
  });

  it('is unavailable where nothing answers, twice', async () => {
    let asked = 0;
    const { origin } = await scriptedServer((request) => {
      asked += 1;
      request.socket.destroy();
    });
    const said = await createVendorHosts({ timeOuts }).askTime(targetAt(origin), 'export', never);
    expect(said).toEqual({ kind: 'unavailable', error: expect.any(UnavailableError) });
    expect(asked).toBe(2);
  });

  it('is unavailable where a reply comes byte by byte and never ends', async () => {
    const { origin } = await scriptedServer((_, response) => {
      response.writeHead(401, { date: DATE }).write(' ');
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const short = { connect: 200, headers: 100, body: 100 };
    const said = await createVendorHosts({ timeOuts: short }).askTime(targetAt(origin), 'export', never);
    expect(said).toMatchObject({ kind: 'unavailable', error: { reason: 'timeout' } });
  });

  it('is not waited for when the run ends', async () => {
    const { origin } = await scriptedServer(() => undefined);
    const asking = createVendorHosts().askTime(targetAt(origin), 'export', AbortSignal.timeout(50));
    await expect(asking).rejects.toThrow(InterruptedError);
  });
});

describe('the origin of a host', () => {
  it('is built in for a region, and what the target says instead', () => {
    const { originOf } = createVendorHosts();
    const target = targetAt('https://one.example', {
      region: 'cn-north-4',
      endpoints: { iam: 'https://two.example' },
    });
    expect(originOf(target, 'iam')).toBe('https://two.example');
    expect(originOf(target, 'export')).toBe('https://appstream.cn-north-4.myhuaweicloud.com');
    expect(originOf(target, 'tasks')).toBe('https://workspace.cn-north-4.myhuaweicloud.com');
  });
});
