import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SQS } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type { TaskSubmitted } from '../../lib/domain/exports/message.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import { environmentOf } from '../support/aws/environment.ts';
import { startFauxqs } from '../support/aws/fauxqs-server.ts';
import { login, type Printed } from '../support/command/command-line.ts';
import { PASSWORD, secretsFile, startHuawei } from '../support/huawei/start-huawei.ts';
import { scriptedServer } from '../support/network/scripted-server.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const CONSUMER = join(ROOT, 'examples/consumer/consumer.ts');
const DAY_MILLISECONDS = 24 * 3_600_000;

type Given = { iam: string; folder: string; queue: string; password?: string; environment?: object };

/** Runs the example as a process, as whoever copied it would. */
async function consume({ iam, folder, queue, password, environment }: Given): Promise<Printed> {
  const credential = join(folder, 'consumer.json');
  writeFileSync(credential, JSON.stringify({ ...DEMO_ACCOUNT.user, ...(password ? { password } : {}) }));
  const options = { queue, credential, iam, files: join(folder, 'files'), patience: '20', pause: '0.5' };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const env = { ...process.env, ...environment };
  // As its first line says.
  const node = ['--max-http-header-size=131072', CONSUMER, ...words];
  const ended = promisify(execFile)(process.execPath, node, { cwd: ROOT, env });
  return ended.then(
    (printed) => ({ status: 0, ...printed }),
    ({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
  );
}

/** Huawei by the machine's clock, and a state folder on whose queue `days` of exports wait. */
async function exported({ days = 1, creatingSeconds = 0, scenario = {} } = {}) {
  const { emulator, origin } = await startHuawei({
    clock: Date.now,
    // Real ones have been seen above 32 KB.
    tokenSize: 40_000,
    taskCreatingSeconds: creatingSeconds,
    scenario,
  });
  const folder = temporaryFolder();
  const targets = join(folder, 'targets.yml');
  const start_at = new Date(
    Date.now() - (Date.now() % DAY_MILLISECONDS) - days * DAY_MILLISECONDS,
  ).toISOString();
  const endpoints = { iam: origin, export: origin, tasks: origin };
  const target = { id: 'acme', region: DEMO_ACCOUNT.project.name, credential: 'acme', endpoints };
  const window = { delay: 'PT0S' };
  writeFileSync(targets, stringify({ targets: [{ ...target, window, start_at }] }));
  const state = join(folder, 'state');
  const secrets = secretsFile({ acme: PASSWORD }, folder);
  const run = (...more: string[]) =>
    login(['run', '--targets', targets, '--secrets', secrets, '--state', state, ...more]);
  expect(await run()).toMatchObject({ status: 0, stderr: '' });
  const seen = emulator.requests().length;
  return {
    emulator,
    run,
    files: join(folder, 'files'),
    consume: (password?: string) =>
      consume({ iam: origin, folder, queue: state, ...(password ? { password } : {}) }),
    waiting: async (): Promise<{ handle: string; message: TaskSubmitted }[]> =>
      JSON.parse((await login(['queue', '--json', '--state', state])).stdout).messages,
    /** The consumer's calls of a kind. */
    calls: (kind: string) =>
      emulator
        .requests()
        .slice(seen)
        .filter((request) => request.kind === kind),
  };
}

describe('the example of a consumer', () => {
  it('fetches the file of each message that waits, says which window it is of, and acknowledges', async () => {
    const { emulator, waiting, consume, files } = await exported({ creatingSeconds: 2 });
    const message = await firstOf(waiting);
    const { start, end } = message.data.window;
    expect(await consume()).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(files).sort()).toEqual([`${message.id}.csv`, `${message.id}.json`]);
    expect(JSON.parse(readFileSync(join(files, `${message.id}.json`), 'utf8'))).toEqual(message);
    const [heading, ...rows] = readFileSync(join(files, `${message.id}.csv`), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(heading).toContain('user_name');
    expect(rows.length).toBeGreaterThan(10);
    expect(rows).toHaveLength(emulator.records(Date.parse(start), Date.parse(end)).length);
    expect(statSync(join(files, `${message.id}.csv`)).mode & 0o777).toBe(0o600);
    expect(await waiting()).toEqual([]);
  });

  it('takes a message away whose file it has, without another download', async () => {
    const { waiting, consume, calls, files } = await exported();
    const message = await firstOf(waiting);
    await consume();
    const sqs = await queueWith(message);
    const again = await sqs.consume({ folder: join(files, '..'), iam: message.data.tasks_endpoint });
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('already here') });
    expect(calls('download')).toHaveLength(1);
    expect(await sqs.receive()).toEqual([]);
  });

  it('works the same on SQS, also where somebody has downloaded the file before', async () => {
    const { emulator, waiting, files } = await exported();
    const message = await firstOf(waiting);
    emulator.markDownloaded(message.data.task_id);
    const sqs = await queueWith(message);
    const printed = await sqs.consume({ folder: join(files, '..'), iam: message.data.tasks_endpoint });
    expect(printed).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(files)).toHaveLength(2);
    expect(await sqs.receive()).toEqual([]);
  });

  it('says why a task failed and takes its message away: the next attempt has its own', async () => {
    const effect = { type: 'fail_task', reason: 'quota exceeded' };
    const { run, consume, waiting, files } = await exported({
      scenario: { steps: [{ on: 'export', effect }] },
    });
    const first = await consume();
    expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('quota exceeded') });
    expect(readdirSync(files)).toEqual([]);
    expect(await waiting()).toEqual([]);
    await run('--sweep');
    expect(await consume()).toMatchObject({ status: 0, stdout: expect.stringContaining('attempt 2') });
    expect(readdirSync(files)).toHaveLength(2);
  });

  it('asks for another token when its own has expired, once', async () => {
    const { emulator, consume, waiting, calls } = await exported();
    emulator.setScenario({ steps: [{ on: 'download', effect: { type: 'revoke_tokens' } }] });
    expect(await consume()).toMatchObject({ status: 0, stderr: '' });
    expect(calls('token')).toHaveLength(2);
    expect(calls('download').map(({ status }) => status)).toEqual([401, 200]);
    expect(await waiting()).toEqual([]);
  });

  it('tries a refused password once, however many messages wait, and leaves them all', async () => {
    const { consume, waiting, calls } = await exported({ days: 3 });
    const before = await waiting();
    expect(before).toHaveLength(3);
    const printed = await consume('wrong');
    expect(printed).toMatchObject({ status: 1, stderr: expect.stringContaining('IAM answered 401') });
    expect(printed.stderr).not.toContain('wrong');
    expect(calls('token')).toHaveLength(1);
    expect(await waiting()).toEqual(before);
  });

  it('leaves a message whose file has expired to a person, and goes on with the others', async () => {
    const { emulator, consume, waiting, files } = await exported({ days: 2 });
    const [first] = await waiting();
    emulator.expireTask(first?.message.data.task_id ?? '');
    const printed = await consume();
    expect(printed).toMatchObject({ status: 1, stderr: expect.stringContaining('EXPIRED') });
    expect(await waiting()).toEqual([first]);
    expect(readdirSync(files)).toHaveLength(2);
  });

  it('takes no token along to another host that the file lies on', async () => {
    const { waiting, files } = await exported();
    const message = await firstOf(waiting);
    const tokens: unknown[] = [];
    const store = await scriptedServer((request, response) => {
      tokens.push(request.headers['x-auth-token']);
      response.end('bytes');
    });
    const tasks = await scriptedServer((request, response) => {
      if (request.url?.endsWith('/download')) return response.writeHead(302, { location: store.href }).end();
      const task = { task_id: message.data.task_id, status: 'SUCCESS', file_name: 'logins.xlsx' };
      return response.end(JSON.stringify({ export_tasks: [task], count: 1 }));
    });
    const moved = { ...message, data: { ...message.data, tasks_endpoint: tasks.origin } };
    const sqs = await queueWith(moved);
    await sqs.consume({ folder: join(files, '..'), iam: message.data.tasks_endpoint });
    expect(tokens).toEqual([undefined]);
    expect(readFileSync(join(files, `${message.id}.xlsx`), 'utf8')).toBe('bytes');
  });
});

async function firstOf(waiting: () => Promise<{ message: TaskSubmitted }[]>): Promise<TaskSubmitted> {
  const [first] = await waiting();
  if (!first) throw new Error('no message waits');
  return first.message;
}

/** An SQS queue with a message on it. */
async function queueWith(message: TaskSubmitted) {
  const server = await startFauxqs();
  onTestFinished(() => server.close());
  const { endpoint } = server.clientConfig;
  // Its own host is a name below localhost, which not every machine resolves.
  const queue = new URL(new URL(await server.createQueue('tasks')).pathname, endpoint).href;
  const client = new SQS(server.clientConfig);
  onTestFinished(() => client.destroy());
  await client.sendMessage({ QueueUrl: queue, MessageBody: JSON.stringify(message) });
  const environment = { ...environmentOf(server.clientConfig), AWS_ENDPOINT_URL_SQS: endpoint };
  return {
    consume: (given: Pick<Given, 'folder' | 'iam'>) => consume({ ...given, queue, environment }),
    receive: () => server.receive(queue),
  };
}
