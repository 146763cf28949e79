import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UnavailableError } from '../../lib/domain/errors.ts';
import { readProxies } from '../../lib/domain/input/proxies.ts';
import { createHttp } from '../../lib/huawei/http/http.ts';
import { lookUpAs } from '../support/network/lookup.ts';
import { scriptedServer } from '../support/network/scripted-server.ts';
import { CA_FILE, connectProxy, tlsServer } from '../support/network/tls-proxy.ts';

const never = new AbortController().signal;
const timeOuts = { connect: 1_000, headers: 1_000, body: 1_000 };
const get = (url: string) => ({ method: 'GET' as const, url: new URL(url), headers: {} });
const echo = () => tlsServer((request, response) => response.end(`${request.headers.host}${request.url}`));

/** What `send` says that goes by these variables. */
function sendBy(environment: Record<string, string>) {
  const send = createHttp({ timeOuts, proxies: readProxies(environment) });
  return (url: string) => send(get(url), never);
}

async function failure(work: Promise<unknown>): Promise<UnavailableError> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(inspect(error, { depth: 20 })).not.toMatch(/fake-user|fake-pass|ZmFrZS/);
  return error as UnavailableError;
}

describe('with a certificate that is trusted', () => {
  const trusted = tls.getCACertificates();
  beforeAll(() => tls.setDefaultCACertificates([...trusted, readFileSync(CA_FILE, 'utf8')]));
  afterAll(() => tls.setDefaultCACertificates(trusted));

  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])('calls go through %s', async (name) => {
    const proxy = await connectProxy(await echo());
    const reply = await sendBy({ [name]: `http://127.0.0.1:${proxy.port}` })(
      'https://iam.huawei.example/a?b=c',
    );
    expect(reply).toMatchObject({ status: 200, body: 'iam.huawei.example/a?b=c' });
    expect(proxy.asked).toEqual([{ host: 'iam.huawei.example:443', authorization: undefined }]);
  });

  it('the user and the password of the proxy go to the proxy alone', async () => {
    const seen: unknown[] = [];
    const port = await tlsServer((request, response) => response.end(String(seen.push(request.headers))));
    const proxy = await connectProxy(port);
    await sendBy({ HTTPS_PROXY: `fake-user:fake%3Apass@127.0.0.1:${proxy.port}` })(
      'https://huawei.example:8443/',
    );
    const authorization = `Basic ${Buffer.from('fake-user:fake:pass').toString('base64')}`;
    expect(proxy.asked).toEqual([{ host: 'huawei.example:8443', authorization }]);
    expect(JSON.stringify(seen)).not.toContain('Basic');
  });

  it.each([
    ['NO_PROXY', 'one.example, huawei.example'],
    ['no_proxy', '*'],
    ['NO_PROXY', '.huawei.example'],
  ])('a host that %s=%s names is reached without it', async (name, hosts) => {
    const [port, proxy] = [await echo(), await connectProxy(1)];
    // Names are looked up on this machine only where no proxy does it.
    const lookup = lookUpAs(['127.0.0.1']);
    const send = sendBy({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, [name]: hosts });
    const reply = await send(`https://iam.huawei.example:${port}/`).finally(() => lookup.mockRestore());
    expect(reply.status).toBe(200);
    expect(proxy.asked).toEqual([]);
  });
});

it.each(['127.0.0.1', 'localhost'])('%s is never reached through a proxy', async (host) => {
  const proxy = await connectProxy(1);
  const { port } = await scriptedServer((_, response) => response.end('here'));
  const at = `http://127.0.0.1:${proxy.port}`;
  const reply = await sendBy({ HTTP_PROXY: at, HTTPS_PROXY: at })(`http://${host}:${port}/`);
  expect(reply.body).toBe('here');
  expect(proxy.asked).toEqual([]);
});

describe('a proxy that opens no connection', () => {
  it.each([[407], [403], [502]])(
    'is told by its name and what it says, never with its credentials: %i',
    async (status) => {
      const { port } = await connectProxy(1, status);
      const send = sendBy({ HTTPS_PROXY: `http://fake-user:fake-pass@127.0.0.1:${port}` });
      const error = await failure(send('https://iam.huawei.example/v3'));
      const call = 'GET https://iam.huawei.example/v3';
      expect(error.summary).toBe(
        `The proxy 127.0.0.1:${port} opens no connection for ${call}: it answers HTTP ${status}.`,
      );
      expect(error.fix).toContain('put its user and password into HTTPS_PROXY');
      expect(error.reason).toBe('proxy_refused');
    },
  );

  it.each(['is down', 'says nothing'])('because it %s is named', async (issue) => {
    const { port } = issue === 'is down' ? { port: 1 } : await connectProxy(1, 'silence');
    const send = sendBy({ HTTPS_PROXY: `http://fake-user:fake-pass@127.0.0.1:${port}` });
    const error = await failure(send('https://iam.huawei.example/'));
    expect(error.message).toContain(`(the environment names a proxy, 127.0.0.1:${port})`);
  });
});

it('a certificate of another host is refused through a proxy, too', async () => {
  const trusted = tls.getCACertificates();
  tls.setDefaultCACertificates([...trusted, readFileSync(CA_FILE, 'utf8')]);
  const { port } = await connectProxy(await echo());
  const send = sendBy({ HTTPS_PROXY: `http://127.0.0.1:${port}` });
  const error = await failure(
    send('https://huawei.example.org/').finally(() => tls.setDefaultCACertificates(trusted)),
  );
  expect(error.message).toContain("does not match certificate's altnames");
});

it.each(['', '0'])(
  'a certificate that is not trusted is refused where NODE_TLS_REJECT_UNAUTHORIZED is "%s"',
  async (value) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', value);
    const { port } = await connectProxy(await echo());
    const error = await failure(
      sendBy({ HTTPS_PROXY: `http://127.0.0.1:${port}` })('https://huawei.example/'),
    );
    vi.unstubAllEnvs();
    expect(error.message).toMatch(/unable to (get local issuer|verify the first) certificate/);
  },
);
