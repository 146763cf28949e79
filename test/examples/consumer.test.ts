import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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
  return start(words, env);
}

async function start(words: string[], env = process.env): Promise<Printed> {
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
    state,
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
    expect(readdirSync(files).sort()).toEqual([`${message.id}.csv`, `${message.id}.message.json`]);
    expect(JSON.parse(readFileSync(join(files, `${message.id}.message.json`), 'utf8'))).toEqual(message);
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
    const sqs = await queueWith(JSON.stringify(message));
    const again = await sqs.consume({ folder: join(files, '..'), iam: message.data.tasks_endpoint });
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('already here') });
    expect(calls('download')).toHaveLength(1);
    expect(await sqs.receive()).toEqual([]);
  });

  it('works the same on SQS, also where somebody has downloaded the file before', async () => {
    const { emulator, waiting, files } = await exported();
    const message = await firstOf(waiting);
    emulator.markDownloaded(message.data.task_id);
    const sqs = await queueWith(JSON.stringify(message));
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
    const sqs = await queueWith(
      await withDownload(message, 'logins.xlsx', (response) =>
        response.writeHead(302, { location: store.href }).end(),
      ),
    );
    await sqs.consume({ folder: join(files, '..'), iam: message.data.tasks_endpoint });
    expect(tokens).toEqual([undefined]);
    expect(readFileSync(join(files, `${message.id}.xlsx`), 'utf8')).toBe('bytes');
  });

  it('keeps a file of JSON and its receipt beside each other', async () => {
    const { waiting, files } = await exported();
    const message = await firstOf(waiting);
    const sqs = await queueWith(
      await withDownload(message, 'logins.json', (response) => response.end('[1]')),
    );
    const printed = await sqs.consume({ folder: join(files, '..'), iam: message.data.tasks_endpoint });
    expect(printed).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(files, `${message.id}.json`), 'utf8')).toBe('[1]');
    expect(readFileSync(join(files, `${message.id}.message.json`), 'utf8')).toContain(message.data.task_id);
  });

  it.each([
    { body: '', sentence: 'no file: the download has no bytes' },
    { body: '{"download_url":"https://x.example/f"}', sentence: 'the download is JSON' },
    { body: '\uFEFF "https://x.example/f"\n', sentence: 'the download is JSON' },
  ])('leaves a message whose download is $body: that is no file', async ({ body, sentence }) => {
    const { waiting, files } = await exported();
    const message = await firstOf(waiting);
    const sqs = await queueWith(await withDownload(message, 'logins.xlsx', (response) => response.end(body)));
    const printed = await sqs.consume({ folder: join(files, '..'), iam: message.data.tasks_endpoint });
    expect(printed).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(sentence) });
    expect(readdirSync(files)).toEqual([]);
    expect(await sqs.remaining()).toBe(1);
  });

  it('does the others where the local queue has a row that cannot be read, and reports that row', async () => {
    const { waiting, consume, state, files } = await exported({ days: 2 });
    breakFirst(state);
    const printed = await consume();
    expect(printed).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot be read') });
    expect(printed.stderr).not.toMatch(STACK);
    expect(readdirSync(files)).toHaveLength(2);
    expect(await waiting()).toEqual([]);
  });

  it.each(['no JSON', '{}', 'null'])('does the others where SQS has %s, and reports that', async (body) => {
    const { waiting, files } = await exported();
    const message = await firstOf(waiting);
    const sqs = await queueWith(body, JSON.stringify(message));
    const printed = await sqs.consume({ folder: join(files, '..'), iam: message.data.tasks_endpoint });
    expect(printed).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no messages about an export task'),
    });
    expect(readdirSync(files)).toHaveLength(2);
    expect(await sqs.remaining()).toBe(1);
  });

  it('names the host that does not answer, and leaves the message', async () => {
    const { waiting, files, state } = await exported();
    const before = await waiting();
    const printed = await consume({ iam: 'http://127.0.0.1:1', folder: join(files, '..'), queue: state });
    const stderr = expect.stringMatching(/^acme .*: no whole answer from 127\.0\.0\.1:1: .+\n$/);
    expect(printed).toMatchObject({ status: 1, stdout: '', stderr });
    expect(await waiting()).toEqual(before);
  });

  it('says that there is no queue, without a stack', async () => {
    const folder = temporaryFolder();
    const printed = await consume({ iam: 'http://127.0.0.1:1', folder, queue: join(folder, 'none') });
    expect(printed).toMatchObject({ status: 1, stderr: expect.stringContaining('There is no queue yet') });
    expect(printed.stderr).not.toMatch(STACK);
  });

  it('shows its options', async () => {
    const printed = await start(['--help']);
    expect(printed).toMatchObject({ status: 0, stderr: '' });
    for (const option of ['queue', 'credential', 'files', 'iam', 'patience', 'pause'])
      expect(printed.stdout).toContain(`--${option} <`);
  });

  it('refuses wrong usage with a sentence that names the option, and status 2', async () => {
    const folder = temporaryFolder();
    const credential = join(folder, 'consumer.json');
    writeFileSync(credential, JSON.stringify(DEMO_ACCOUNT.user));
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"password": "secret-word');
    mkdirSync(join(folder, 'empty'));
    const good = [
      '--credential',
      credential,
      '--queue',
      join(folder, 'none'),
      '--files',
      join(folder, 'files'),
    ];
    const wrong = [
      { words: ['--unknown'], sentence: '--unknown' },
      { words: ['word'], sentence: 'word' },
      { words: ['--credential', join(folder, 'none.json')], sentence: '--credential' },
      { words: ['--credential', join(folder, 'empty')], sentence: '--credential' },
      { words: ['--credential', broken], sentence: '--credential' },
      { words: ['--files', credential], sentence: '--files' },
      { words: ['--iam', 'iam.example'], sentence: '--iam' },
      { words: ['--patience', 'abc'], sentence: '--patience abc' },
      { words: ['--pause', '9999999999'], sentence: '--pause' },
    ];
    for (const { words, sentence } of wrong) {
      const printed = await start([...good, ...words]);
      expect(printed, words.join(' ')).toMatchObject({ status: 2, stdout: '' });
      expect(printed.stderr).toContain(sentence);
      expect(printed.stderr).not.toMatch(STACK);
      expect(printed.stderr).not.toContain('secret-word');
    }
  });
});

async function firstOf(waiting: () => Promise<{ message: TaskSubmitted }[]>): Promise<TaskSubmitted> {
  const [first] = await waiting();
  if (!first) throw new Error('no message waits');
  return first.message;
}

const STACK = /^ +at |node:internal/m;

function breakFirst(state: string): void {
  const database = new DatabaseSync(join(state, 'state.sqlite'));
  database.exec(
    "UPDATE messages SET message = 'no JSON' WHERE sequence = (SELECT min(sequence) FROM messages)",
  );
  database.close();
}

/** The message with another list of tasks, where its task has ended well and `download` answers for the file. */
async function withDownload(
  message: TaskSubmitted,
  file_name: string,
  download: (response: ServerResponse) => unknown,
): Promise<string> {
  const { origin } = await scriptedServer((request, response) => {
    if (request.url?.endsWith('/download')) return download(response);
    const task = { task_id: message.data.task_id, status: 'SUCCESS', file_name };
    return response.end(JSON.stringify({ export_tasks: [task], count: 1 }));
  });
  return JSON.stringify({ ...message, data: { ...message.data, tasks_endpoint: origin } });
}

/** An SQS queue with messages on it. */
async function queueWith(...bodies: string[]) {
  const server = await startFauxqs();
  onTestFinished(() => server.close());
  const { endpoint } = server.clientConfig;
  // Its own host is a name below localhost, which not every machine resolves.
  const queue = new URL(new URL(await server.createQueue('tasks')).pathname, endpoint).href;
  const client = new SQS(server.clientConfig);
  onTestFinished(() => client.destroy());
  for (const MessageBody of bodies) await client.sendMessage({ QueueUrl: queue, MessageBody });
  const environment = { ...environmentOf(server.clientConfig), AWS_ENDPOINT_URL_SQS: endpoint };
  return {
    consume: (given: Pick<Given, 'folder' | 'iam'>) => consume({ ...given, queue, environment }),
    receive: () => server.receive(queue),
    /** How many messages it has, those included that were taken and not acknowledged. */
    remaining: () => countOf(client, queue),
  };
}

async function countOf(client: SQS, QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await client.getQueueAttributes({
    QueueUrl,
    AttributeNames: [...AttributeNames],
  });
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}
