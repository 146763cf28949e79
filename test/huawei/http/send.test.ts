import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../lib/domain/errors.ts';
import { createHttp } from '../../../lib/huawei/http/http.ts';
import { redactor } from '../../../lib/huawei/http/redact.ts';
import { attemptCall } from '../../../lib/huawei/http/send.ts';
import { scriptedServer } from '../../support/network/scripted-server.ts';

const signal = new AbortController().signal;
const clock = () => Temporal.Instant.from('2026-11-23T00:00:00Z');

async function attempt(answer: Parameters<typeof scriptedServer>[0]) {
  const url = await scriptedServer(answer);
  const send = createHttp({ timeOuts: { connect: 1_000, headers: 200, body: 200 } });
  return attemptCall({ method: 'GET', url, headers: {} }, { send, clock, redact: redactor([]), signal });
}

describe('a call comes back as one to repeat, with why', () => {
  it.each([
    [408, 'busy', false],
    [409, 'busy', false],
    [423, 'busy', false],
    [425, 'busy', false],
    [429, 'throttled', false],
    [500, 'server_error', true],
    [502, 'server_error', true],
    [503, 'server_error', false],
    [504, 'server_error', true],
    [599, 'server_error', true],
  ])('after HTTP %i: %s; that it was done all the same: %s', async (status, reason, mayHaveArrived) => {
    const outcome = await attempt((_, response) =>
      response.writeHead(status, { 'retry-after': '3' }).end('{}'),
    );
    expect(outcome).toEqual({
      failure: expect.objectContaining({ kind: 'unavailable', reason, vendor: { status }, mayHaveArrived }),
      retryAfterMilliseconds: 3_000,
    });
  });

  it.each([
    [502, true],
    [503, false],
    [504, true],
  ])(
    'after the page of a gateway with HTTP %i, which may have passed it on: %s',
    async (status, mayHaveArrived) => {
      const outcome = await attempt((_, response) =>
        response.writeHead(status, { 'content-type': 'text/html' }).end('<html><title>nginx</title></html>'),
      );
      expect(outcome).toMatchObject({ failure: { reason: 'middlebox', mayHaveArrived } });
    },
  );

  it('after no answer in time: timeout', async () => {
    expect(await attempt(() => undefined)).toEqual({
      failure: expect.objectContaining({ reason: 'timeout' }),
    });
  });

  it('after a connection that broke: unreachable', async () => {
    const outcome = await attempt((request) => request.socket.destroy());
    expect(outcome).toEqual({ failure: expect.any(UnavailableError) });
    expect(outcome).toMatchObject({ failure: { reason: 'unreachable' } });
  });
});

it.each([200, 202, 400, 401, 403, 404, 410, 422])('a reply of status %i is a value', async (status) => {
  expect(await attempt((_, response) => response.writeHead(status).end('{}'))).toMatchObject({
    value: { status },
  });
});
