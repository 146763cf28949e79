import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InterruptedError, UnavailableError } from '../../../lib/domain/errors.ts';
import { VERSION } from '../../../lib/domain/version.ts';
import { createHttp } from '../../../lib/huawei/http/http.ts';
import { redactor } from '../../../lib/huawei/http/redact.ts';
import { attemptCall } from '../../../lib/huawei/http/send.ts';
import { scriptedServer } from '../../support/network/scripted-server.ts';

const timeOuts = { connect: 1_000, headers: 200, body: 200 };
const never = new AbortController().signal;
const get = (url: URL) => ({ method: 'GET' as const, url, headers: {} });

describe('a call', () => {
  it('gives status, headers and body of the reply', async () => {
    const url = await scriptedServer((_, response) => response.writeHead(418, { 'x-one': '1' }).end('body'));
    const reply = await createHttp()(get(url), never);
    expect(reply).toMatchObject({ status: 418, headers: { 'x-one': '1' }, body: 'body' });
  });

  it('takes a header of 40,000 characters, both ways', async () => {
    const token = 'x'.repeat(40_000);
    const url = await scriptedServer((request, response) =>
      response.writeHead(200, { 'x-subject-token': request.headers['x-auth-token'] }).end(),
    );
    const reply = await createHttp()({ ...get(url), headers: { 'x-auth-token': token } }, never);
    expect(reply.headers['x-subject-token']).toBe(token);
  });

  it('without a server is unavailable, with the reason in the message', async () => {
    const url = await scriptedServer(() => undefined);
    url.port = '1';
    await expect(createHttp({ timeOuts })(get(url), never)).rejects.toThrow(UnavailableError);
    await expect(createHttp({ timeOuts })(get(url), never)).rejects.toThrow('ECONNREFUSED');
    await expect(createHttp({ timeOuts })(get(url), never)).rejects.toMatchObject({ mayHaveArrived: false });
  });

  it('whose reply does not come in time is unavailable', async () => {
    const url = await scriptedServer(() => undefined);
    await expect(createHttp({ timeOuts })(get(url), never)).rejects.toThrow(UnavailableError);
    await expect(createHttp({ timeOuts })(get(url), never)).rejects.toMatchObject({ mayHaveArrived: true });
  });

  it('whose body stops in the middle is unavailable', async () => {
    const url = await scriptedServer((_, response) => response.writeHead(200).write('half'));
    await expect(createHttp({ timeOuts })(get(url), never)).rejects.toThrow(UnavailableError);
  });

  it('whose body comes byte by byte and never ends is unavailable when all its phases are over', async () => {
    const { url, open } = await trickling({});
    const call = createHttp({ timeOuts: { connect: 300, headers: 200, body: 200 } })(get(url), never);
    await expect(call).rejects.toThrow(/^No answer to GET .* it took longer than 0\.7 s\./);
    await expect(call).rejects.toMatchObject({
      kind: 'unavailable',
      reason: 'timeout',
      mayHaveArrived: true,
    });
    await expect.poll(open).toBe(0);
  });

  it('whose body is encoded too many times to be read leaves no connection behind', async () => {
    const { url, open } = await trickling({ 'content-encoding': 'gzip, gzip, gzip, gzip' });
    const { bodyIssue } = await createHttp()(get(url), never);
    expect(bodyIssue).toBe('is encoded too many times');
    await expect.poll(open).toBe(0);
  });

  it('is made anew when what makes it could not be loaded the last time', async () => {
    const url = await scriptedServer((_, response) => response.end('body'));
    let loads = 0;
    const proxies = {
      http: undefined,
      none: '',
      get https() {
        loads += 1;
        if (loads === 1) throw new Error('too many open files');
        return undefined;
      },
    };
    const send = createHttp({ proxies });
    await expect(send(get(url), never)).rejects.toThrow('too many open files');
    expect(await send(get(url), never)).toMatchObject({ body: 'body' });
  });

  it('whose reply is beyond all measure is read no further than 4 MiB', async () => {
    let sent = 0;
    const url = await scriptedServer((_, response) => {
      const write = () => {
        while (response.write('x'.repeat(64 * 1024))) sent += 64 * 1024;
      };
      response.on('drain', write);
      write();
    });
    const reply = await createHttp()(get(url), never);
    expect(reply.body).toHaveLength(4 * 1024 * 1024);
    expect(reply.bodyIssue).toBe('is longer than 4 MiB');
    const atTheEnd = sent;
    await wait(100);
    expect(sent - atTheEnd).toBeLessThan(1024 * 1024);
  });

  it('says who makes it, also where the request is signed', async () => {
    const url = await scriptedServer((request, response) => response.end(request.headers['user-agent']));
    expect((await createHttp()(get(url), never)).body).toBe(`workspace-login-export/${VERSION}`);
  });

  it('that is cut is unavailable', async () => {
    const url = await scriptedServer((request) => request.socket.destroy());
    await expect(createHttp({ timeOuts })(get(url), never)).rejects.toThrow(UnavailableError);
    await expect(createHttp({ timeOuts })(get(url), never)).rejects.toMatchObject({ mayHaveArrived: true });
  });

  it('ends when the run does', async () => {
    const url = await scriptedServer(() => undefined);
    const stop = new AbortController();
    const call = createHttp()(get(url), stop.signal);
    await wait(50);
    stop.abort();
    await expect(call).rejects.toThrow(InterruptedError);
  });

  it('does not follow a redirect, so the credential does not go along', async () => {
    let elsewhere = 0;
    const other = await scriptedServer((_, response) => {
      elsewhere += 1;
      response.end();
    });
    const url = await scriptedServer((_, response) =>
      response.writeHead(307, { location: other.href }).end(),
    );
    const call = attemptCall(get(url), {
      send: createHttp(),
      clock: () => {
        throw new Error('No wait is computed.');
      },
      redact: redactor([]),
      signal: never,
    });
    await expect(call).rejects.toMatchObject({ kind: 'unavailable', reason: 'middlebox' });
    expect(elsewhere).toBe(0);
  });
});

/** A server that sends a byte every 20 ms for as long as the connection is open, and how many are. */
async function trickling(headers: Record<string, string>) {
  let open = 0;
  const url = await scriptedServer((_, response) => {
    open += 1;
    response.writeHead(200, headers).write(' '.repeat(200_000));
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => {
      clearInterval(timer);
      open -= 1;
    });
  });
  return { url, open: () => open };
}
