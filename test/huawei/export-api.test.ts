import { Temporal } from 'temporal-polyfill';
import { afterEach, describe, expect, it } from 'vitest';
import { createSecretsFile } from '../../lib/adapters/secrets/local-file.ts';
import {
  CredentialError,
  InputError,
  InterruptedError,
  MalformedReplyError,
  RefusedError,
  UnavailableError,
} from '../../lib/domain/errors.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import type { EmulatorOptions } from '../../lib/emulator/options.ts';
import { createExportApi } from '../../lib/huawei/export-api.ts';
import { ACCESS_KEY, PASSWORD, secretsFile, startHuawei, targetAt } from '../support/huawei/start-huawei.ts';
import { scriptedServer } from '../support/network/scripted-server.ts';
import {
  echoServer,
  expectNothingSecretSaid,
  failure,
  never,
  policy,
  runApi,
  withProject,
} from './running-api.ts';

afterEach(expectNothingSecretSaid);

describe('an export by password', () => {
  it('learns the project id from the token when the target has none', async () => {
    const { submit, emulator } = await runApi();
    const task = await submit();
    expect(task.projectId).toBe(DEMO_ACCOUNT.project.id);
    expect(emulator.tasks().map(({ id }) => id)).toEqual([task.taskId]);
    expect(task.sent).toEqual({
      loginStartTime: '2026-11-21T23:35:00Z',
      loginEndTime: '2026-11-22T23:35:00Z',
    });
  });

  it('is scoped by id when the target has one', async () => {
    const { submit } = await runApi();
    expect((await submit(withProject)).projectId).toBe(DEMO_ACCOUNT.project.id);
  });

  it('mints one token for many callers at once, and keeps it', async () => {
    const { submit, count, emulator } = await runApi();
    await Promise.all(Array.from({ length: 10 }, () => submit()));
    await submit();
    expect(count('token')).toBe(1);
    expect(emulator.tasks()).toHaveLength(11);
  });

  it('mints a new token before the old one ends', async () => {
    const { submit, count, time } = await runApi();
    await submit();
    time.now = time.now.add({ hours: 23, minutes: 41 });
    await submit().catch(() => undefined);
    expect(count('token')).toBe(2);
  });

  it('survives a token of 40,000 characters', async () => {
    const { submit, emulator } = await runApi(PASSWORD, { tokenSize: 40_000 });
    await submit();
    expect(emulator.tasks()).toHaveLength(1);
  });

  it('renews a token that was revoked, once', async () => {
    const { submit, count, emulator } = await runApi();
    await submit();
    emulator.revokeTokens();
    await submit();
    expect(count('token')).toBe(2);
    expect(emulator.tasks()).toHaveLength(2);
  });

  it('stops when the renewed token is refused too', async () => {
    const { submit, count } = await runApi(PASSWORD, {
      scenario: { steps: [{ on: 'export', times: 'always', effect: { type: 'revoke_tokens' } }] },
    });
    expect(await failure(submit())).toBeInstanceOf(CredentialError);
    expect({ tokens: count('token'), exports: count('export') }).toEqual({ tokens: 2, exports: 2 });
  });

  it('asks IAM once with a wrong password, because accounts get locked', async () => {
    const { submit, count } = await runApi({ ...PASSWORD, password: 'fake-wrong-password' });
    const error = await failure(submit());
    expect(error).toBeInstanceOf(CredentialError);
    expect(error.message).toContain(DEMO_ACCOUNT.user.user);
    expect(error.message).not.toContain('fake-wrong-password');
    expect(count('token')).toBe(1);
  });

  it.each([undefined, 'one-by-one'])(
    'asks IAM once with a wrong password that many targets share (%s)',
    async (pace) => {
      const { submit, count, time, up } = await runApi({ ...PASSWORD, password: 'fake-wrong-password' });
      const targets = ['p-1', 'p-2', 'p-3', 'p-4'].map((project_id) => () => failure(submit({ project_id })));
      const errors = pace ? [] : await Promise.all(targets.map((ask) => ask()));
      if (pace) for (const ask of targets) errors.push(await ask());
      expect(errors.map(({ kind }) => kind)).toEqual(Array(4).fill('credential'));
      expect(count('token')).toBe(1);
      // A clock that is put right meanwhile changes nothing.
      time.now = time.now.add({ hours: 24 });
      up.milliseconds += 15 * 60_000 - 1;
      await failure(submit());
      expect(count('token')).toBe(1);
      up.milliseconds += 1;
      await failure(submit());
      expect(count('token')).toBe(2);
    },
  );

  it('goes on when the caller that asked for the token first is stopped', async () => {
    const { submit, emulator } = await runApi();
    emulator.setScenario({ steps: [{ on: 'token', effect: { type: 'throttle', retry_after: 4 } }] });
    const first = failure(submit({}, AbortSignal.timeout(150)));
    const second = submit();
    expect(await first).toBeInstanceOf(InterruptedError);
    expect((await second).projectId).toBe(DEMO_ACCOUNT.project.id);
  });

  it('does not share a token with a second secret of the same user, which may be wrong', async () => {
    const { submit, replaceSecret, count } = await runApi();
    const wrong = { ...PASSWORD, password: 'fake-wrong-password' };
    replaceSecret(PASSWORD, { 'huawei/wrong': wrong });
    const [right, other] = await Promise.all([submit(), failure(submit({ credential: 'huawei/wrong' }))]);
    expect(right.projectId).toBe(DEMO_ACCOUNT.project.id);
    expect(other).toBeInstanceOf(CredentialError);
    expect(count('token')).toBe(2);
  });

  it('goes on with a password that was rotated in the middle', async () => {
    const { submit, emulator, replaceSecret } = await runApi();
    await submit();
    const rotated = { ...DEMO_ACCOUNT.user, password: 'fake-rotated-password' };
    emulator.setPassword(rotated);
    replaceSecret({ kind: 'password', ...rotated });
    await submit();
    expect(emulator.tasks()).toHaveLength(2);
  });
});

describe('an export by access key', () => {
  it('needs no token', async () => {
    const { submit, count } = await runApi(ACCESS_KEY);
    await submit(withProject);
    expect({ tokens: count('token'), exports: count('export') }).toEqual({ tokens: 0, exports: 1 });
  });

  it('carries the security token of temporary keys', async () => {
    const temporary = { ...ACCESS_KEY, security_token: 'fake-security-token' };
    const accessKeys = [{ ...DEMO_ACCOUNT.accessKey, securityToken: 'fake-security-token' }];
    const { submit, emulator } = await runApi(temporary, { accessKeys });
    await submit(withProject);
    expect(emulator.tasks()).toHaveLength(1);
  });

  it('needs the project id, and says so before anything is sent', async () => {
    const { submit, emulator } = await runApi(ACCESS_KEY);
    const error = await failure(submit());
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain('project_id');
    expect(emulator.requests()).toHaveLength(0);
  });

  it.each([1_200, -1_200])(
    'signs again with the clock of the server when ours is off by %i s, and learns it',
    async (seconds) => {
      const { submit, count } = await runApi(ACCESS_KEY, {
        scenario: { steps: [{ on: 'export', effect: { type: 'clock_skew', seconds } }] },
      });
      await submit(withProject);
      expect(count('export')).toBe(2);
      await submit(withProject);
      expect(count('export')).toBe(3);
    },
  );

  it('is not tried again with a wrong key, because keys get blocked', async () => {
    const { submit, count } = await runApi({ ...ACCESS_KEY, secret_access_key: 'fake-wrong-key' });
    const error = await failure(submit(withProject));
    expect(error).toBeInstanceOf(CredentialError);
    expect(error.message).toContain('huawei/acme');
    expect(count('export')).toBe(1);
  });

  it('goes on with a key that was replaced in the store', async () => {
    const { submit, emulator, replaceSecret } = await runApi(ACCESS_KEY);
    await submit(withProject);
    const key = { accessKeyId: 'FAKENEWKEY0000000001', secretAccessKey: 'fake-new-secret-key' };
    emulator.setAccessKeys([key]);
    replaceSecret({
      kind: 'access_key',
      access_key_id: key.accessKeyId,
      secret_access_key: key.secretAccessKey,
    });
    await submit(withProject);
    expect(emulator.tasks()).toHaveLength(2);
  });
});

describe('an export by a token that somebody else keeps fresh', () => {
  it('stops after one call when the store has no other', async () => {
    const { submit, count } = await runApi({ kind: 'token', token: 'fake-stale-token' });
    const error = await failure(submit(withProject));
    expect(error).toBeInstanceOf(CredentialError);
    expect(error.message).not.toContain('fake-stale-token');
    expect(count('export')).toBe(1);
  });

  it('is not even called when the token says that it has expired', async () => {
    const token = { kind: 'token', token: 'fake-token', expires_at: '2026-11-23T00:00:00Z' };
    const { submit, emulator } = await runApi(token);
    expect((await failure(submit(withProject))).message).toContain('expired at');
    expect(emulator.requests()).toHaveLength(0);
  });
});

describe('trouble on the way', () => {
  const trouble = (times: number, effect: object) =>
    ({ steps: [{ on: 'export', times, effect }] }) as NonNullable<EmulatorOptions['scenario']>;

  it.each([
    ['a 429 without Retry-After', { type: 'throttle' }],
    ['a 500', { type: 'status', status: 500 }],
    ['a 503', { type: 'status', status: 503 }],
    ['a connection that is cut before the task exists', { type: 'cut', when: 'before' }],
    ['a slow answer', { type: 'slow', milliseconds: 1_500 }],
  ])('%s is overcome by repeating', async (_, effect) => {
    const { submit, emulator, events } = await runApi(PASSWORD, { scenario: trouble(2, effect) });
    const { taskId } = await submit();
    expect(emulator.tasks().map(({ id }) => id)).toContain(taskId);
    expect(events).toHaveLength(2);
  });

  it('a connection that is cut after the task exists costs a second task, not a gap', async () => {
    const { submit, emulator } = await runApi(PASSWORD, {
      scenario: trouble(1, { type: 'cut', when: 'after' }),
    });
    const { taskId } = await submit();
    expect(
      emulator
        .tasks()
        .map(({ id }) => id)
        .at(-1),
    ).toBe(taskId);
    expect(emulator.tasks()).toHaveLength(2);
  });

  it.each(['seconds', 'http_date'])('a Retry-After in %s is waited for', async (retry_after_form) => {
    const { submit, events } = await runApi(PASSWORD, {
      scenario: trouble(1, { type: 'throttle', retry_after: 1, retry_after_form }),
    });
    await submit();
    expect(events).toEqual([{ type: 'call_throttled', targetId: 'acme', waitMilliseconds: 1_000 }]);
  });

  it('that does not end is left to the next run, with what Huawei said', async () => {
    const { submit, count } = await runApi(PASSWORD, {
      scenario: trouble(9, { type: 'status', status: 503 }),
    });
    const error = await failure(submit());
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.vendor).toMatchObject({ status: 503, requestId: expect.any(String) });
    expect(count('export')).toBe(policy.attempts);
  });

  it('ends with the run', async () => {
    const { submit } = await runApi(PASSWORD, { scenario: trouble(1, { type: 'throttle', retry_after: 4 }) });
    expect(await failure(submit({}, AbortSignal.timeout(200)))).toBeInstanceOf(InterruptedError);
  });

  it.each([
    ['wrong JSON', { type: 'wrong_json' }, MalformedReplyError],
    ['an empty task_id', { type: 'empty_task_id' }, MalformedReplyError],
    ['an error_code in a 200', { type: 'error_code_in_200' }, RefusedError],
    ['a lack of permission', { type: 'forbidden' }, RefusedError],
  ])('%s is no success and is not repeated', async (_, effect, kind) => {
    const { submit, count } = await runApi(PASSWORD, { scenario: trouble(1, effect) });
    expect(await failure(submit())).toBeInstanceOf(kind);
    expect(count('export')).toBe(1);
  });

  it('403 names the permission to give', async () => {
    const { submit } = await runApi(PASSWORD, { scenario: trouble(1, { type: 'forbidden' }) });
    expect((await failure(submit())).message).toContain('workspace:session:exportUserConnection');
  });

  it('a host that does not know the call is named as such', async () => {
    const { submit } = await runApi(PASSWORD, { scenario: trouble(1, { type: 'wrong_host' }) });
    const error = await failure(submit());
    expect(error.vendor).toMatchObject({ status: 404, code: 'APIGW.0101' });
    expect(error.message).toContain('endpoints.export');
  });
});

it('a filter that is too long is refused before anything is sent', async () => {
  const { origin, clock, emulator } = await startHuawei();
  const secrets = createSecretsFile({ file: secretsFile({ 'huawei/acme': PASSWORD }) });
  const api = createExportApi({ secrets, clock, observe: () => undefined });
  const request = {
    span: { start: clock().subtract({ hours: 1 }), end: clock() },
    filters: { vm_ip: 'x'.repeat(51) },
  };
  expect(await failure(api.submit(targetAt(origin), request, never))).toBeInstanceOf(InputError);
  expect(emulator.requests()).toHaveLength(0);
});

describe('a gateway that quotes what it was sent', () => {
  const temporary = { ...ACCESS_KEY, security_token: 'fake-security-token' };
  const byToken = { kind: 'token', token: 'fake-token-7f3a' };

  it.each([
    ['a token', 401, byToken],
    ['a token', 403, byToken],
    ['a token', 503, byToken],
    ['a key', 401, temporary],
    ['a key', 503, temporary],
  ])('is repeated without %s in it after a %i', async (_, status, credential) => {
    const { origin } = await echoServer(status);
    const { submit, events } = await runApi(credential);
    const error = await failure(submit({ ...withProject, endpoints: { iam: origin, export: origin } }));
    const said = `${error.message} ${JSON.stringify(error.vendor)} ${JSON.stringify(events)}`;
    expect(said).toContain('[redacted]');
    const secrets = ['fake-token-7f3a', 'fake-security-token', ACCESS_KEY.secret_access_key];
    expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
    expect(said).not.toMatch(/Signature=[0-9a-f]{64}/);
  });

  it.each([401, 403, 503])('is repeated without the password after a %i of IAM', async (status) => {
    const { origin } = await echoServer(status);
    const { submit, events } = await runApi();
    const error = await failure(submit({ endpoints: { iam: origin, export: origin } }));
    const said = `${error.message} ${JSON.stringify(error.vendor)} ${JSON.stringify(events)}`;
    expect(said).toContain('[redacted]');
    expect(said).not.toContain(DEMO_ACCOUNT.user.password);
  });
});

describe('a service that does one thing at a time', () => {
  const busy = async (status: number, answers: number) => {
    const count = { made: 0 };
    const { origin } = await scriptedServer((_, response) => {
      count.made += 1;
      const isBusy = count.made <= answers;
      const body = isBusy ? { error_code: 'WKS.1', error_msg: 'A task is running.' } : { task_id: 't' };
      response.writeHead(isBusy ? status : 202).end(JSON.stringify(body));
    });
    const run = await runApi(ACCESS_KEY);
    return { ...run, count, order: () => run.submit({ ...withProject, endpoints: { export: origin } }) };
  };

  it.each([408, 409, 423, 425])('is waited for within the budget of a call: %i', async (status) => {
    const { order, count, events } = await busy(status, 2);
    expect((await order()).taskId).toBe('t');
    expect(count.made).toBe(3);
    expect(events.map(({ type }) => type)).toEqual(['call_repeated', 'call_repeated']);
  });

  it('is said to be busy when the budget is used up', async () => {
    const { order, count } = await busy(409, 99);
    const error = await failure(order());
    expect(error).toMatchObject({
      kind: 'unavailable',
      reason: 'busy',
      vendor: { status: 409, code: 'WKS.1' },
    });
    expect(error.message).toContain(
      'has no time for the call yet: HTTP 409 WKS.1 "A task is running.". Tried 4 times',
    );
    expect(count.made).toBe(4);
  });

  it('refuses a call that is wrong at once', async () => {
    const { order, count } = await busy(400, 99);
    expect(await failure(order())).toBeInstanceOf(RefusedError);
    expect(count.made).toBe(1);
  });
});

describe('a clock of ours that is a day behind, where that of the hosts is known', () => {
  const setUp = async (credential: object) => {
    const theirs = { now: Temporal.Instant.from('2026-11-23T00:35:00Z') };
    const clock = () => theirs.now.epochMilliseconds;
    return { ...(await runApi(credential, { clock }, () => () => theirs.now)), theirs };
  };

  it('is not what a signature is dated by', async () => {
    const { submit, count, theirs } = await setUp(ACCESS_KEY);
    theirs.now = theirs.now.add({ hours: 24 });
    await submit(withProject);
    expect(count('export')).toBe(1);
  });

  it('does not lengthen the life of a token, nor say when an export was accepted', async () => {
    const { submit, count, theirs } = await setUp(PASSWORD);
    await submit();
    theirs.now = theirs.now.add({ hours: 24 });
    expect((await submit()).acceptedAt).toEqual(theirs.now);
    expect({ tokens: count('token'), exports: count('export') }).toEqual({ tokens: 2, exports: 2 });
  });
});

it('the time of a call is that of the one that was accepted, without those before it', async () => {
  const { submit } = await runApi(PASSWORD, {
    scenario: { steps: [{ on: 'export', effect: { type: 'throttle', retry_after: 3 } }] },
  });
  expect((await submit()).callMilliseconds).toBeLessThan(2_900);
});
