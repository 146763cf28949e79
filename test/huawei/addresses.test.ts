import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createVendorDoctor } from '../../lib/huawei/doctor/vendor-doctor.ts';
import { createVendorHosts } from '../../lib/huawei/host-time.ts';
import { createHttp } from '../../lib/huawei/http/http.ts';
import { startHuawei, targetAt } from '../support/huawei/start-huawei.ts';
import { lookUpAs } from '../support/network/lookup.ts';

const never = new AbortController().signal;

/** A host whose first address takes most of a second to connect to, and whose second one nobody listens on. */
async function farHost(): Promise<string> {
  const listener = join(import.meta.dirname, '..', 'support', 'network', 'slow-listener.ts');
  const child = fork(listener, ['127.0.0.1', '700'], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  onTestFinished(() => void child.kill());
  const [port] = await once(child, 'message');
  const lookup = lookUpAs(['127.0.0.1', '127.0.0.2']);
  onTestFinished(() => lookup.mockRestore());
  return `http://localhost:${port}`;
}

it('a host that is far away is reached although its other address is not', async () => {
  const reply = await createHttp()({ method: 'GET', url: new URL(await farHost()), headers: {} }, never);
  expect(reply.body).toBe('slow');
});

it('it is asked for its time', async () => {
  const said = await createVendorHosts().askTime(targetAt(await farHost()), 'export', never);
  expect(said.kind).toBe('no_time');
});

it('the doctor reaches it, too', async () => {
  const { clock, origin } = await startHuawei();
  const target = targetAt(origin, { endpoints: { iam: origin, export: await farHost(), tasks: origin } });
  const secrets = { read: () => Promise.reject(new Error('It is not read.')) };
  const checks = await createVendorDoctor({ secrets, clock })(target, undefined, never);
  const [, host] = checks.filter(({ check }) => check === 'host');
  expect(host?.message).toContain('does not answer as Huawei does (HTTP 200');
});
