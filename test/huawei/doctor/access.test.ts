import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ACCESS_KEY, PASSWORD } from '../../support/huawei/start-huawei.ts';
import { ALL_OK, BY_TOKEN, huaweiLike, ready, statuses, step, withProject } from '../running-doctor.ts';

describe('the credential', () => {
  it('with a wrong password is tried once, whatever number of targets share it', async () => {
    const { look, count } = await ready({ ...PASSWORD, password: 'fake-wrong' });
    const all = await Promise.all([look(), look({ id: 'b' }), look({ id: 'c', region: 'cn-north-4' })]);
    expect(count('token', 401)).toBe(1);
    for (const checks of all) {
      expect(checks.credential?.message).toContain(
        'IAM rejected the login of user "login-exporter" (account "demo-company"): HTTP 401 "The username or password is wrong."',
      );
      expect(checks.credential?.fix).toContain(
        'Check domain (the account\'s name), user and password in the secret "huawei/acme"',
      );
      expect(checks.credential?.fix).toContain('It was not tried again');
      expect(statuses(checks)).toMatchObject({ list_permission: 'skipped', export_permission: 'skipped' });
    }
  });

  it('of a user that is locked is to be left alone for 15 minutes', async () => {
    const { look, lookAs, count } = await ready(PASSWORD, { wrongPasswordsBeforeLock: 1 });
    await lookAs({ ...PASSWORD, password: 'fake-wrong' })();
    const { credential } = await look();
    expect(credential?.message).toContain('HTTP 401 "The account is locked."');
    expect(credential?.fix).toContain('Let nothing log in as this user for 15 minutes');
    expect(count('token', 401)).toBe(2);
  });

  it('is not sent twice when the first try was not answered', async () => {
    const { look, count, emulator } = await ready();
    emulator.setScenario({
      steps: [
        { on: 'token', effect: { type: 'pass' } },
        { on: 'token', times: 'always', effect: { type: 'cut', when: 'after' } },
      ],
    });
    const { credential } = await look();
    expect(credential).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('A later run may succeed.'),
    });
    expect(count('token')).toBe(2);
  });

  it('of a user that gets no token names what the user lacks', async () => {
    const { look } = await ready(PASSWORD, { scenario: step('token', { type: 'forbidden' }) });
    const { credential } = await look();
    expect(credential?.message).toContain('HTTP 403');
    expect(credential?.fix).toContain('programmatic access, no login protection by MFA');
  });

  it('for a token that IAM gives out and the gateway refuses blames the hosts', async () => {
    const { look } = await ready(PASSWORD, { scenario: step('tasks', { type: 'revoke_tokens' }) });
    const { credential } = await look();
    expect(credential?.message).toContain('refuses the list of export tasks for target "acme": HTTP 401');
    expect(credential?.fix).toContain('endpoints.iam');
  });

  it.each([
    [{ ...ACCESS_KEY, secret_access_key: 'fake-wrong' }, 'verify aksk signature fail', 'secret_access_key'],
    [{ ...ACCESS_KEY, access_key_id: 'DELETEDKEY' }, 'ak DELETEDKEY not exist', 'The key was deleted'],
    [BY_TOKEN, 'decrypt token fail', 'Put a new token'],
  ])('%j that is refused is tried once', async (secret, said, fix) => {
    const { look, count } = await ready(secret);
    const checks = await look(withProject);
    expect(checks.credential).toMatchObject({
      status: 'failed',
      message: expect.stringContaining(said),
      fix: expect.stringContaining(fix),
    });
    expect(statuses(checks)).toMatchObject({ export_permission: 'skipped', list_permission: 'skipped' });
    // Each host was called once without it.
    expect(count('tasks') + count('export')).toBe(3);
  });

  it('that is a key which is blocked is to be left alone for five minutes', async () => {
    const { look, lookAs } = await ready(ACCESS_KEY);
    const wrong = { ...ACCESS_KEY, secret_access_key: 'fake-wrong' };
    for (let n = 0; n < 6; n += 1) await lookAs(wrong)(withProject);
    const { credential } = await look(withProject);
    expect(credential?.message).toContain('AK access failed to reach the limit');
    expect(credential?.fix).toContain('The key is blocked for 5 minutes');
  });

  it.each([ACCESS_KEY, BY_TOKEN])('without a project id is not tried: %j', async (secret) => {
    const { look, emulator } = await ready(secret);
    const checks = await look();
    expect(checks.credential?.message).toContain(`kind "${secret.kind}" does not say which project`);
    expect(checks.credential?.fix).toContain('Set project_id of the target');
    expect(statuses(checks)).toMatchObject({ credential: 'failed', export_permission: 'skipped' });
    expect(emulator.requests()).toHaveLength(2);
  });
});

it('a signature that is too old is a clock to set, and no wrong secret', async () => {
  const { look } = await ready(ACCESS_KEY);
  const times = 'signature time:20261123T000000Z,server time:20261123T003500Z';
  const error_msg = `Incorrect IAM authentication information: calc aksk signature fail:signature expired, ${times}`;
  const { origin } = await huaweiLike(() => [401, { error_code: 'APIGW.0301', error_msg }]);
  const { credential, list_permission: list } = await look({
    ...withProject,
    endpoints: { export: origin, tasks: origin },
  });
  expect(credential?.status).toBe('skipped');
  expect(list).toMatchObject({
    status: 'failed',
    fix: expect.stringContaining('Set the clock of this machine'),
  });
});

describe('the permission to export', () => {
  const refusedWith = async (effect: object) => {
    const { look } = await ready(PASSWORD, { scenario: step('export', effect) });
    return (await look()).export_permission;
  };

  it('that is missing is named with the action to allow', async () => {
    expect(await refusedWith({ type: 'forbidden' })).toEqual({
      check: 'export_permission',
      status: 'failed',
      message: expect.stringMatching(
        /refuses the export for target "acme": HTTP 403 PAP5\.0001 "access denied/,
      ),
      fix: 'Allow workspace:session:exportUserConnection in project and region to the user of the secret "huawei/acme".',
    });
  });

  it('is there when Huawei takes the incomplete request, and the spare task is admitted', async () => {
    const { look } = await ready(ACCESS_KEY);
    const ordered: unknown[] = [];
    const server = await huaweiLike((request, body) => {
      if (request.method === 'POST') ordered.push(JSON.parse(body));
      return [200, { task_id: 'task-1', export_tasks: [], count: 0 }];
    });
    const { export_permission: found } = await look({ ...withProject, endpoints: { export: server.origin } });
    expect(found).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('the spare task task-1 is harmless'),
    });
    expect(ordered).toEqual([{ id: expect.stringMatching(/^.{65,}$/), login_start_time: expect.anything() }]);
  });

  it.each([
    [400, 'WKS.00170117', 'failed', 'Workspace is open'],
    [400, 'WKS.00170312', 'failed', 'Workspace is open'],
    [400, 'WKS.00010099', 'failed', 'Workspace is open'],
    [400, 'WKS.001701170', 'ok', undefined],
    [403, 'WKS.00010099', 'failed', 'Workspace is open'],
    [404, 'WKS.1', 'failed', 'Workspace is open'],
    [404, 'APIGW.0101', 'failed', 'set it to https://workspace.ap-southeast-3'],
    [405, 'WKS.1', 'failed', 'Ask Huawei'],
    [200, 'WKS.1', 'failed', 'Ask Huawei'],
    [503, 'WKS.1', 'failed', 'A later run may succeed'],
    [400, 'WKS.1', 'ok', undefined],
  ])('is told from HTTP %i %s', async (status, error_code, expected, fix) => {
    const { look } = await ready(ACCESS_KEY);
    const server = await huaweiLike(() => [status, { error_code, error_msg: 'text' }]);
    const { export_permission: found } = await look({ ...withProject, endpoints: { export: server.origin } });
    expect(found).toMatchObject({
      status: expected,
      message: expect.stringContaining(`HTTP ${status} ${error_code}`),
    });
    if (fix) expect(found?.fix).toContain(fix);
    else expect(found).not.toHaveProperty('fix');
  });
});

describe('the permission to list tasks', () => {
  it('that is missing is a warning: windows stay unconfirmed', async () => {
    const { look } = await ready(PASSWORD, { scenario: step('tasks', { type: 'forbidden' }) });
    const checks = await look();
    expect(statuses(checks)).toEqual({ ...ALL_OK, list_permission: 'warning' });
    expect(checks.list_permission?.message).toMatch(/HTTP 403 PAP5\.0001.*windows stay unconfirmed/s);
    expect(checks.list_permission?.fix).toContain(
      'Allow workspace:tenants:listExportTasks in project and region',
    );
  });

  it.each([
    [400, 'WKS.1', 'failed', 'Workspace is open'],
    [404, 'WKS.1', 'failed', 'Workspace is open'],
    [404, 'APIGW.0101', 'failed', 'set it to https://'],
    [405, 'WKS.1', 'failed', 'Ask Huawei'],
    [503, 'WKS.1', 'failed', 'A later run may succeed'],
    [403, 'WKS.1', 'warning', 'Allow workspace:tenants:listExportTasks'],
    [403, 'WKS.00010099', 'warning', 'Workspace is open'],
  ])('is told from HTTP %i %s', async (status, error_code, expected, fix) => {
    const { look } = await ready(ACCESS_KEY);
    const server = await huaweiLike(() => [status, { error_code, error_msg: 'text' }]);
    const { list_permission: found } = await look({ ...withProject, endpoints: { tasks: server.origin } });
    expect(found).toMatchObject({ status: expected, fix: expect.stringContaining(fix) });
    expect(found?.message).toContain(`HTTP ${status} ${error_code}`);
  });

  it('is not believed of a list that is not one', async () => {
    const { look } = await ready(PASSWORD, { scenario: step('tasks', { type: 'wrong_json' }) });
    // What is cut off is no answer of Huawei's even without a credential.
    expect((await look()).tasks_host?.status).toBe('failed');
    const server = await huaweiLike(() => [200, { export_tasks: [{}], count: 1 }]);
    const { look: again } = await ready(ACCESS_KEY);
    const checks = await again({ ...withProject, endpoints: { tasks: server.origin } });
    expect(checks.list_permission).toMatchObject({
      status: 'failed',
      fix: 'Ask Huawei, with the time of the call.',
    });
  });
});

it('a project that the gateway does not know is named, and what is in it is not asked for', async () => {
  const { look } = await ready(ACCESS_KEY);
  const checks = await look({ project_id: 'another' });
  expect(checks.credential?.message).toContain('HTTP 403 APIGW.0310');
  expect(checks.credential?.fix).toContain('Check that project_id is that of ap-southeast-3');
  expect(statuses(checks)).toMatchObject({
    credential: 'failed',
    export_permission: 'skipped',
    list_permission: 'skipped',
  });
});

// What a gateway may know of a key that it was called with.
const known = ({ headers }: IncomingMessage) =>
  headers['authorization'] ? ACCESS_KEY.secret_access_key : '';

it.each([PASSWORD, ACCESS_KEY, BY_TOKEN])(
  'a gateway that quotes what it was sent is quoted without a secret: %j',
  async (secret) => {
    for (const status of [400, 401, 403, 404, 503]) {
      const server = await huaweiLike((request, body) => [
        status,
        {
          error_code: 'APIGW.1',
          error_msg: `bad ${body} ${JSON.stringify(request.headers)} ${known(request)}`,
          request_id: String(request.headers['x-auth-token']),
        },
      ]);
      const { look, origin } = await ready(secret);
      const { origin: echo } = server;
      const checks = await look({ ...withProject, endpoints: { iam: origin, export: echo, tasks: echo } });
      const said = JSON.stringify(checks);
      if (status !== 400) expect(said).toContain('bad ');
      const { look: login } = await ready(secret);
      await login({ ...withProject, endpoints: { iam: echo, export: echo, tasks: echo } });
    }
  },
);
