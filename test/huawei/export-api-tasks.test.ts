import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
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
import { tokenRequest } from '../../lib/huawei/auth/token-call.ts';
import { createHttp } from '../../lib/huawei/http/http.ts';
import type { TaskPage } from '../../lib/ports.ts';
import { ACCESS_KEY, PASSWORD } from '../support/huawei/start-huawei.ts';
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

/** A running API with some export tasks, ordered a second apart; `ids` are theirs, oldest first. */
async function withTasks(number: number, credential: object = PASSWORD, options: EmulatorOptions = {}) {
  const running = await runApi(credential, options);
  const ids: string[] = [];
  for (let n = 0; n < number; n += 1) {
    ids.push((await running.submit(withProject)).taskId);
    running.time.now = running.time.now.add({ seconds: 1 });
  }
  return { ...running, ids };
}

/** A token that the emulator takes, as somebody else would mint it. */
async function mintToken(origin: string): Promise<string> {
  const request = tokenRequest(origin, { ...DEMO_ACCOUNT.user, kind: 'password' }, DEMO_ACCOUNT.project);
  return (await createHttp()(request, never)).headers['x-subject-token'] ?? '';
}

const onTasks = (effect: object, times: number | 'always' = 1) =>
  ({ steps: [{ on: 'tasks', times, effect }] }) as NonNullable<EmulatorOptions['scenario']>;

describe('the list of export tasks', () => {
  it('is empty before anything was ordered', async () => {
    const { list } = await runApi();
    expect(await list()).toEqual({ tasks: [], total: 0 });
  });

  it('has the newest first, with the time of each', async () => {
    const { list, ids } = await withTasks(3);
    const { tasks, total } = await list();
    expect(tasks.map(({ taskId, createdAt }) => [taskId, createdAt?.toString()])).toEqual([
      [ids[2], '2026-11-23T00:35:02Z'],
      [ids[1], '2026-11-23T00:35:01Z'],
      [ids[0], '2026-11-23T00:35:00Z'],
    ]);
    expect(total).toBe(3);
  });

  it('is two lists: what was downloaded, and what was not', async () => {
    const { list, ids, emulator } = await withTasks(3);
    emulator.markDownloaded(ids[1] ?? '');
    const listed = async (isDownloaded: boolean) =>
      (await list({ isDownloaded })).tasks.map((task) => [task.taskId, task.isDownloaded]);
    expect(await listed(false)).toEqual([
      [ids[2], false],
      [ids[0], false],
    ]);
    expect(await listed(true)).toEqual([[ids[1], true]]);
  });

  it('tells of every task how far it is, and why it failed', async () => {
    const { list, ids, emulator, time, submit } = await withTasks(3);
    time.now = time.now.add({ seconds: 10 });
    emulator.expireTask(ids[0] ?? '');
    emulator.failTask(ids[1] ?? '', 'too many rows', 'WKS.00211401');
    const { taskId } = await submit(withProject);
    const { tasks } = await list();
    expect(tasks.map(({ createdAt: _, ...task }) => task)).toEqual([
      { taskId, status: 'CREATING', isDownloaded: false },
      { taskId: ids[2], status: 'SUCCESS', isDownloaded: false },
      {
        taskId: ids[1],
        status: 'FAIL',
        isDownloaded: false,
        failReason: 'too many rows',
        errorCode: 'WKS.00211401',
      },
      { taskId: ids[0], status: 'EXPIRED', isDownloaded: false },
    ]);
  });

  it('comes in pages of 100, which together have every task once', async () => {
    const { list, ids } = await withTasks(230, ACCESS_KEY);
    const pages: TaskPage[] = [];
    for (const offset of [0, 100, 200, 300]) pages.push(await list({ offset }, withProject));
    expect(pages.map(({ tasks }) => tasks.length)).toEqual([100, 100, 30, 0]);
    expect(pages.map(({ total }) => total)).toEqual([230, 230, 230, 230]);
    expect(pages.flatMap(({ tasks }) => tasks.map(({ taskId }) => taskId))).toEqual(ids.toReversed());
  });

  it('is asked for at the host of the tasks, which may be another than that of the export', async () => {
    const { list, ids, origin } = await withTasks(1);
    const nowhere = 'http://127.0.0.1:1';
    const page = await list({}, { endpoints: { iam: origin, export: nowhere, tasks: origin } });
    expect(page.tasks.map(({ taskId }) => taskId)).toEqual(ids);
  });
});

describe('the list by password', () => {
  it('needs no project id, and no token beside that of the export', async () => {
    const { submit, list, count } = await runApi();
    const { taskId } = await submit();
    expect((await list()).tasks).toMatchObject([{ taskId }]);
    expect(count('token')).toBe(1);
  });

  it('renews a token that was revoked, once', async () => {
    const { list, count, emulator } = await runApi();
    await list();
    emulator.revokeTokens();
    expect(await list()).toEqual({ tasks: [], total: 0 });
    expect({ tokens: count('token'), lists: count('tasks') }).toEqual({ tokens: 2, lists: 3 });
  });

  it('stops when the renewed token is refused too', async () => {
    const scenario = onTasks({ type: 'revoke_tokens' }, 'always');
    const { list, count } = await runApi(PASSWORD, { scenario });
    const error = await failure(list());
    expect(error).toBeInstanceOf(CredentialError);
    expect(error.message).toContain('huawei/acme');
    expect({ tokens: count('token'), lists: count('tasks') }).toEqual({ tokens: 2, lists: 2 });
  });

  it('asks IAM once with a wrong password, because accounts get locked', async () => {
    const { list, count } = await runApi({ ...PASSWORD, password: 'fake-wrong-password' });
    expect(await failure(list())).toBeInstanceOf(CredentialError);
    expect({ tokens: count('token'), lists: count('tasks') }).toEqual({ tokens: 1, lists: 0 });
  });
});

describe('the list by access key', () => {
  it('is signed as it is sent, with its query, and needs no token', async () => {
    const { list, ids, count, emulator } = await withTasks(2, ACCESS_KEY);
    emulator.markDownloaded(ids[0] ?? '');
    expect((await list({ isDownloaded: true }, withProject)).total).toBe(1);
    expect((await list({ offset: 1 }, withProject)).total).toBe(1);
    expect(count('token')).toBe(0);
    expect(emulator.requests().at(-1)?.query).toEqual({
      is_download: 'false',
      sort_field: 'create_time',
      sort_type: 'DESC',
      offset: '1',
      limit: '100',
    });
  });

  it('carries the security token of temporary keys', async () => {
    const accessKeys = [{ ...DEMO_ACCOUNT.accessKey, securityToken: 'fake-security-token' }];
    const { list } = await runApi({ ...ACCESS_KEY, security_token: 'fake-security-token' }, { accessKeys });
    expect(await list({}, withProject)).toEqual({ tasks: [], total: 0 });
  });

  it('needs the project id, and says so before anything is sent', async () => {
    const { list, emulator } = await runApi(ACCESS_KEY);
    expect(await failure(list())).toBeInstanceOf(InputError);
    expect(emulator.requests()).toHaveLength(0);
  });

  it('is signed again with the clock of the server, which the export then knows too', async () => {
    const scenario = onTasks({ type: 'clock_skew', seconds: 1_200 });
    const { list, submit, count } = await runApi(ACCESS_KEY, { scenario });
    await list({}, withProject);
    await submit(withProject);
    expect({ lists: count('tasks'), exports: count('export') }).toEqual({ lists: 2, exports: 1 });
  });

  it('is not tried again with a wrong key, because keys get blocked', async () => {
    const { list, count } = await runApi({ ...ACCESS_KEY, secret_access_key: 'fake-wrong-key' });
    expect(await failure(list({}, withProject))).toBeInstanceOf(CredentialError);
    expect(count('tasks')).toBe(1);
  });
});

describe('the list by a token that somebody else keeps fresh', () => {
  it('is taken like one of our own', async () => {
    const { list, origin, replaceSecret, count } = await runApi();
    replaceSecret({ kind: 'token', token: await mintToken(origin) });
    expect(await list({}, withProject)).toEqual({ tasks: [], total: 0 });
    expect(count('token')).toBe(1);
  });

  it('goes on with the one that has replaced it in the store meanwhile', async () => {
    const { list, replaceSecret } = await runApi({ kind: 'token', token: 'fake-old-token' });
    const server = await scriptedServer((request, response) => {
      replaceSecret({ kind: 'token', token: 'fake-new-token' });
      if (request.headers['x-auth-token'] === 'fake-new-token') response.end('{"export_tasks":[],"count":0}');
      else response.writeHead(401).end('{"error_code":"APIGW.0301","error_msg":"token expires"}');
    });
    const endpoints = { tasks: server.origin };
    expect(await list({}, { ...withProject, endpoints })).toEqual({ tasks: [], total: 0 });
  });

  it('stops after one call when the store has no other', async () => {
    const { list, count } = await runApi({ kind: 'token', token: 'fake-stale-token' });
    expect(await failure(list({}, withProject))).toBeInstanceOf(CredentialError);
    expect(count('tasks')).toBe(1);
  });
});

describe('trouble on the way to the list', () => {
  it.each([
    ['a 429 without Retry-After', { type: 'throttle' }],
    ['a 500', { type: 'status', status: 500 }],
    ['a 504', { type: 'status', status: 504 }],
    ['a connection that is cut', { type: 'cut', when: 'after' }],
    ['a slow answer', { type: 'slow', milliseconds: 1_500 }],
  ])('%s is overcome by repeating', async (_, effect) => {
    const { list, events } = await runApi(PASSWORD, { scenario: onTasks(effect, 2) });
    expect(await list()).toEqual({ tasks: [], total: 0 });
    expect(events).toHaveLength(2);
  });

  it('a Retry-After is waited for, and told', async () => {
    const scenario = onTasks({ type: 'throttle', retry_after: 1 });
    const { list, events } = await runApi(PASSWORD, { scenario });
    await list();
    expect(events).toEqual([{ type: 'call_throttled', targetId: 'acme', waitMilliseconds: 1_000 }]);
  });

  it('that does not end is left to the next run, with what Huawei said', async () => {
    const scenario = onTasks({ type: 'status', status: 503 }, 'always');
    const { list, count } = await runApi(PASSWORD, { scenario });
    const error = await failure(list());
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.vendor).toMatchObject({ status: 503, code: 'WKS.00050902' });
    expect(count('tasks')).toBe(policy.attempts);
  });

  it.each([
    ['a list that is cut off', { type: 'wrong_json' }, MalformedReplyError],
    ['an error_code in a 200', { type: 'error_code_in_200' }, MalformedReplyError],
    ['a lack of permission', { type: 'forbidden' }, RefusedError],
    ['a host that does not know the call', { type: 'wrong_host' }, RefusedError],
  ])('%s is not repeated', async (_, effect, kind) => {
    const { list, count } = await runApi(PASSWORD, { scenario: onTasks(effect) });
    expect(await failure(list())).toBeInstanceOf(kind);
    expect(count('tasks')).toBe(1);
  });

  it('403 is told by its status, and names the permission to give', async () => {
    const { list } = await runApi(PASSWORD, { scenario: onTasks({ type: 'forbidden' }) });
    const error = await failure(list());
    expect(error.vendor).toMatchObject({ status: 403, code: 'PAP5.0001' });
    expect(error.message).toContain('Allow workspace:tenants:listExportTasks in project and region');
  });

  it('a host that does not know the call is named, with the one that does', async () => {
    const { list } = await runApi(PASSWORD, { scenario: onTasks({ type: 'wrong_host' }) });
    const { message } = await failure(list());
    expect(message).toContain('endpoints.tasks');
    expect(message).toContain('https://workspace.ap-southeast-3.myhuaweicloud.com');
  });

  it('a status that nobody documented is no end of its task, and hides no other task of the page', async () => {
    const tasks = ['SUCCESS', 'PAUSED', 'FAIL'].map((status, n) => ({ task_id: `t-${n}`, status }));
    const server = await scriptedServer((_, response) =>
      response.end(JSON.stringify({ export_tasks: tasks, count: 3 })),
    );
    const { list, origin } = await runApi();
    const page = await list({}, { endpoints: { iam: origin, tasks: server.origin } });
    expect(page.tasks.map(({ taskId, status }) => [taskId, status])).toEqual([
      ['t-0', 'SUCCESS'],
      ['t-1', 'OTHER'],
      ['t-2', 'FAIL'],
    ]);
  });

  it('a redirect is not followed, so the credential does not go along', async () => {
    let elsewhere = 0;
    const other = await scriptedServer((_, response) => {
      elsewhere += 1;
      response.end('{"export_tasks":[],"count":0}');
    });
    const server = await scriptedServer((_, response) =>
      response.writeHead(307, { location: other.href }).end(),
    );
    const { list } = await runApi(ACCESS_KEY);
    const error = await failure(list({}, { ...withProject, endpoints: { tasks: server.origin } }));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'middlebox' });
    expect(error.message).toContain(`HTTP 307, to ${other.origin}`);
    expect(elsewhere).toBe(0);
  });
});

describe('the list ends with the run', () => {
  it('before it was asked for', async () => {
    const { list, count } = await runApi(ACCESS_KEY);
    expect(await failure(list({}, withProject, AbortSignal.abort()))).toBeInstanceOf(InterruptedError);
    expect(count('tasks')).toBe(0);
  });

  it('while the answer is on its way', async () => {
    const server = await scriptedServer(() => undefined);
    const { list } = await runApi(ACCESS_KEY);
    const stop = new AbortController();
    const endpoints = { tasks: server.origin };
    const error = failure(list({}, { ...withProject, endpoints }, stop.signal));
    await wait(50);
    stop.abort();
    expect(await error).toBeInstanceOf(InterruptedError);
  });

  it('while it waits to repeat the call', async () => {
    const { list } = await runApi(PASSWORD, { scenario: onTasks({ type: 'throttle', retry_after: 4 }) });
    expect(await failure(list({}, {}, AbortSignal.timeout(200)))).toBeInstanceOf(InterruptedError);
  });
});

describe('a gateway that quotes what it was sent', () => {
  const temporary = { ...ACCESS_KEY, security_token: 'fake-security-token' };
  const byToken = { kind: 'token', token: 'fake-token-7f3a' };
  const settings = (origin: string) => ({ ...withProject, endpoints: { iam: origin, tasks: origin } });

  it.each([
    ['a token', 200, byToken],
    ['a token', 401, byToken],
    ['a token', 403, byToken],
    ['a token', 503, byToken],
    ['a key', 200, temporary],
    ['a key', 401, temporary],
    ['a key', 503, temporary],
  ])('is repeated without %s in it after a %i', async (_, status, credential) => {
    const { origin } = await echoServer(status);
    const { list, events } = await runApi(credential);
    const error = await failure(list({}, settings(origin)));
    expect(`${error.message} ${JSON.stringify(events)}`).toContain('[redacted]');
  });

  it('in a status or in a reason is repeated without the secret too', async () => {
    const task = {
      task_id: 't',
      status: 'FAIL',
      fail_reason: 'bad fake-token-7f3a',
      error_code: 'fake-token-7f3a',
    };
    const failed = await echoServer(200, () => ({ export_tasks: [task], count: 1 }));
    const { list } = await runApi(byToken);
    expect((await list({}, settings(failed.origin))).tasks).toEqual([
      {
        taskId: 't',
        status: 'FAIL',
        isDownloaded: false,
        failReason: 'bad [redacted]',
        errorCode: '[redacted]',
      },
    ]);
    const odd = { ...task, status: 'fake-token-7f3a' };
    const unknown = await echoServer(200, () => ({ export_tasks: [odd], count: 1 }));
    expect((await list({}, settings(unknown.origin))).tasks).toEqual([
      { taskId: 't', status: 'OTHER', unknownStatus: '[redacted]', isDownloaded: false },
    ]);
  });
});
