import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../lib/domain/errors.ts';
import type { EmulatorOptions } from '../../../lib/emulator/options.ts';
import { ACCESS_KEY, PASSWORD } from '../../support/huawei/start-huawei.ts';
import { scriptedServer } from '../../support/network/scripted-server.ts';
import { ALL_OK, BY_TOKEN, ready, statuses, step, withProject } from '../running-doctor.ts';

const PROJECT = withProject.project_id;

describe('a target that is well', () => {
  it('by password is told so, with one login and no export task', async () => {
    const { look, count, emulator } = await ready();
    const checks = await look();
    expect(statuses(checks)).toEqual(ALL_OK);
    expect(checks.credential?.message).toContain(`Project ${PROJECT}.`);
    expect(checks.export_permission?.message).toContain('incomplete on purpose');
    expect(count('token', 201)).toBe(1);
    expect(emulator.tasks()).toEqual([]);
  });

  it('by access key is told so, and needs no IAM', async () => {
    const { look, origin } = await ready(ACCESS_KEY);
    const endpoints = { iam: 'http://127.0.0.1:1', export: origin, tasks: origin };
    const { iam_host: _, ...others } = ALL_OK;
    expect(statuses(await look({ ...withProject, endpoints }))).toEqual(others);
  });

  it('shares its token with another target of the same secret', async () => {
    const { look, count } = await ready();
    await Promise.all([look(), look({ id: 'other' }), look()]);
    expect(count('token', 201)).toBe(1);
  });
});

describe('the hosts', () => {
  it('that nobody listens on are named, and what needs them is skipped', async () => {
    const { look, origin } = await ready();
    const endpoints = { iam: 'http://127.0.0.1:1', export: origin, tasks: origin };
    const checks = await look({ endpoints });
    expect(statuses(checks)).toEqual({
      ...ALL_OK,
      iam_host: 'failed',
      credential: 'skipped',
      export_permission: 'skipped',
      list_permission: 'skipped',
    });
    expect(checks.iam_host?.message).toContain('No answer to POST http://127.0.0.1:1/v3/auth/tokens: ');
    expect(checks.iam_host?.fix).toContain('firewall');
  });

  it('that speak no TLS where they should are told from those that are away', async () => {
    const { look, origin } = await ready();
    const { export_host: found } = await look({
      endpoints: { iam: origin, export: origin.replace('http', 'https') },
    });
    expect(found?.message).toBe(
      `No answer to POST ${origin.replace('http', 'https')}/v1/${'0'.repeat(32)}/session/user-connection/export: SSL routines: wrong version number.`,
    );
    expect(found?.fix).toContain('does not speak TLS');
  });

  it('that hang are not waited for longer than a moment, also when they drip', async () => {
    const hung = await scriptedServer(() => undefined);
    const dripping = await scriptedServer((_, response) => {
      response.writeHead(401);
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(timer));
    });
    const { look, origin } = await ready(PASSWORD, {}, 3_000);
    const checks = await look({
      endpoints: { iam: origin, export: hung.origin, tasks: dripping.origin },
    });
    expect(checks.export_host?.message).toContain('it took longer than 3 s');
    expect(checks.tasks_host).toMatchObject({ status: 'failed' });
    expect(checks.credential).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('no host was there'),
    });
    expect(checks.list_permission).toEqual({
      check: 'list_permission',
      status: 'skipped',
      message: 'Its host cannot be used.',
    });
  });

  it.each([
    ['a web page', 200, 'text/html', '<html>'],
    ['a page that is missing', 404, 'text/html', '<html>'],
    ['a JSON error of some other service', 404, 'application/json', '{"error":{"code":404,"message":"no"}}'],
    ['a redirect to a login page', 302, 'text/html', ''],
    ['a 401 of a proxy', 401, 'text/html', ''],
    ['a list', 200, 'application/json', '{"export_tasks":[],"count":0}'],
    [
      'a success with a code of Huawei',
      200,
      'application/json',
      '{"error_code":"APIGW.1","error":{"code":200}}',
    ],
  ])('that answer with %s are not of Huawei, and no credential goes there', async (_, status, type, body) => {
    const said: Record<string, string> = {
      'text/html': `something in its place did (HTTP ${status})`,
      'application/json': `does not answer as Huawei does (HTTP ${status}, ${type})`,
    };
    const seen: IncomingMessage[] = [];
    let posted = '';
    const server = await scriptedServer((request, response) => {
      seen.push(request);
      request.on('data', (chunk: Buffer) => {
        posted += chunk.toString();
      });
      request.on('end', () => response.writeHead(status, { 'content-type': type }).end(body));
    });
    for (const secret of [PASSWORD, ACCESS_KEY, BY_TOKEN]) {
      const { look } = await ready(secret);
      const { origin } = server;
      const checks = await look({
        ...withProject,
        endpoints: { iam: origin, export: origin, tasks: origin },
      });
      for (const host of [checks.export_host, checks.tasks_host]) {
        expect(host?.status).toBe('failed');
        expect(host?.message).toContain(said[type]);
        expect(host?.fix).toMatch(/ap-southeast-3\.myhuaweicloud\.com\.$/);
      }
      expect([checks.clock?.status, checks.credential?.status]).toEqual(['skipped', 'skipped']);
    }
    expect(posted).not.toContain(PASSWORD.password);
    expect(seen).toHaveLength(7);
    expect(seen.filter(({ headers }) => headers['authorization'] ?? headers['x-auth-token'])).toEqual([]);
  });

  it.each([
    [503, 'WKS.1', 'text/plain'],
    [404, 'APIGW.0101', 'text/plain'],
    [404, 'NOT.HUAWEI', 'text/fake-token-7f3a'],
  ])(
    'that know a secret from elsewhere are quoted without it (HTTP %i %s)',
    async (status, error_code, type) => {
      const server = await scriptedServer((_, response) =>
        response
          .writeHead(status, { 'content-type': type })
          .end(JSON.stringify({ error_code, error_msg: 'fake-token-7f3a' })),
      );
      const { look } = await ready(BY_TOKEN);
      const { export_host: found } = await look({ ...withProject, endpoints: { export: server.origin } });
      expect(found).toMatchObject({ status: 'failed', message: expect.stringContaining('[redacted]') });
    },
  );

  it.each(['token', 'export', 'tasks'] as const)(
    'that do not have the %s call are the wrong ones',
    async (on) => {
      const { look } = await ready(PASSWORD, { scenario: step(on, { type: 'wrong_host' }) });
      const host = ({ token: 'iam', export: 'export', tasks: 'tasks' } as const)[on];
      const check = (await look())[`${host}_host`];
      expect(check?.status).toBe('failed');
      expect(check?.message).toContain('HTTP 404 APIGW.0101');
      expect(check?.message).toContain('It is the wrong host for ap-southeast-3.');
      expect(check?.fix).toBe(
        `Remove endpoints.${host} of the target, or set it to ` +
          `https://${host === 'iam' ? 'iam' : 'workspace'}.ap-southeast-3.myhuaweicloud.com.`,
      );
    },
  );

  it.each([
    [429, { type: 'throttle' }],
    [503, { type: 'status', status: 503 }],
  ])('that are in trouble (HTTP %i) are told, to be asked again later', async (status, effect) => {
    const { look } = await ready(PASSWORD, { scenario: step('export', effect) });
    const checks = await look();
    expect(checks.export_host?.message).toContain(`: HTTP ${status}`);
    expect(checks.export_host?.fix).toContain('A later run may succeed');
    expect(statuses(checks)).toMatchObject({
      credential: 'ok',
      export_permission: 'skipped',
      list_permission: 'ok',
    });
  });
});

describe('the clock', () => {
  it.each([
    [120, 'warning', '2 min 0 s behind'],
    [-120, 'warning', '2 min 0 s ahead of'],
    [1_200, 'warning', '20 min 0 s behind'],
    [-1_200, 'warning', '20 min 0 s ahead of'],
  ])(
    'that differs by %i s is told, and what a key signs is signed anew as in a run',
    async (off, status, words) => {
      const scenario: EmulatorOptions['scenario'] = {
        steps: [{ on: 'any', effect: { type: 'clock_skew', seconds: off } }],
      };
      const { look, count } = await ready(ACCESS_KEY, { scenario });
      const checks = await look(withProject);
      expect(checks.clock).toMatchObject({ status, message: expect.stringContaining(words) });
      expect(checks.clock?.message).toContain("Runs go by Huawei's clock");
      expect(checks.clock?.fix).toContain('Set the clock of this machine');
      expect(statuses(checks)).toMatchObject({
        credential: 'ok',
        export_permission: 'ok',
        list_permission: 'ok',
      });
      expect(count('tasks', 401)).toBe(Math.abs(off) > 900 ? 2 : 1);
    },
  );
});

it('Ctrl-C ends it at once', async () => {
  const hung = await scriptedServer(() => undefined);
  const { look } = await ready();
  const stop = new AbortController();
  const looking = look({ endpoints: { iam: hung.origin } }, stop.signal);
  await wait(50);
  stop.abort();
  await expect(looking).rejects.toBeInstanceOf(InterruptedError);
});
