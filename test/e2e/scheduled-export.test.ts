import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { InputError, UnexpectedError } from '../../lib/domain/errors.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import { SECRETS, setUpDeployed } from '../support/deployed/deployed-function.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const ARN = 'arn:aws:scheduler:eu-central-1:111122223333:schedule/exports/by-password';

const setUp = () => setUpDeployed('scheduled-export');

const now = Temporal.Now.instant();
const scheduled_time = now.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString();
const event = (target_id: string) => ({ target_id, scheduled_time, schedule_arn: ARN });

function logLines(output: string): Record<string, unknown>[] {
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe('the deployed function', () => {
  it('makes of an event a message and a row, and of the same event nothing more', async () => {
    const { emulator, aws, lambda } = await setUp();
    const report = {
      target_id: 'by-password',
      planned: 1,
      deferred: 0,
      failed: [],
      confirmed: 0,
      lost: [],
    };
    expect(await lambda.invoke(event('by-password'))).toEqual({
      result: { targets: [{ ...report, published: 1, already_covered: 0 }] },
    });

    const [task] = emulator.tasks();
    const received = await aws.receive();
    expect(received).toMatchObject([
      {
        message: {
          data: {
            task_id: task?.id,
            reason: 'routine',
            trigger: { kind: 'schedule', scheduled_time, schedule_arn: ARN },
          },
        },
        attributes: {
          type: 'workspace.login-export.task-submitted.v1',
          target_id: 'by-password',
          region: 'ap-southeast-3',
          reason: 'routine',
        },
      },
    ]);
    const [row] = await aws.rows();
    expect(row).toMatchObject({
      target_id: { S: 'by-password' },
      state: { S: 'published' },
      version: { N: '3' },
    });
    expect(JSON.parse(row?.['document']?.S ?? '')).toMatchObject({
      state: 'published',
      message: received[0]?.message,
    });

    expect(await lambda.invoke(event('by-password'))).toEqual({
      result: { targets: [{ ...report, published: 0, already_covered: 1 }] },
    });
    expect(await aws.receive()).toEqual([]);
    expect(emulator.tasks()).toHaveLength(1);
    expect(await aws.rows()).toEqual([row]);
    const counts = () =>
      logLines(lambda.output())
        .filter((line) => '_aws' in line)
        .map(({ WindowsPublished }) => WindowsPublished);
    await expect.poll(counts).toEqual([1, 0]);
    const done = logLines(lambda.output()).filter(({ message }) => message === 'run done');
    expect(done).toMatchObject([
      { level: 'INFO', report: { targets: [{ ...report, published: 1 }] } },
      { level: 'INFO', report: { targets: [{ ...report, published: 0 }] } },
    ]);
  });

  it('does all enabled targets for a classic event, and throws because one failed', async () => {
    const { aws, lambda } = await setUp();
    const answer = await lambda.invoke({
      'detail-type': 'Scheduled Event',
      time: scheduled_time,
      resources: [],
    });
    expect(answer).toMatchObject({ error: { name: 'RunFailedError', type: 'RunFailedError' } });
    const received = await aws.receive();
    expect(received.map(({ attributes }) => attributes['target_id']).sort()).toEqual([
      'by-key',
      'by-password',
    ]);
    const states = (await aws.rows()).map((row) => `${row['target_id']?.S} ${row['state']?.S}`).sort();
    expect(states).toEqual(['by-key published', 'by-password published', 'by-wrong-password failed']);
  });

  it('writes logs of one correlation id and metrics of one dimension, and no secret', async () => {
    const { aws, lambda, emulator } = await setUp();
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'throttle' } }] });
    await lambda.invoke({ 'detail-type': 'Scheduled Event', time: scheduled_time });
    await expect.poll(() => lambda.output()).toContain('"WindowsFailed":1');

    const lines = logLines(lambda.output());
    const logs = lines.filter((line) => 'level' in line);
    expect(logs.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'export accepted',
        'task published',
        'call throttled',
        'window failed',
        'run failed',
      ]),
    );
    expect(new Set(logs.map(({ correlation_id }) => correlation_id))).toEqual(
      new Set(['8f5cbb11-2f7b-4d5e-9d0c-000000000001']),
    );
    const metrics = lines.filter((line) => '_aws' in line);
    expect(metrics).toHaveLength(3);
    for (const { _aws } of metrics) {
      expect(_aws).toMatchObject({
        CloudWatchMetrics: [{ Namespace: 'WorkspaceLoginExport', Dimensions: [['target_id']] }],
      });
    }
    const good = metrics.find(({ target_id }) => target_id === 'by-password');
    expect(good).toMatchObject({
      WindowsPublished: 1,
      WindowsFailed: 0,
      ExportCallMilliseconds: expect.any(Number),
    });
    expect(metrics.find(({ target_id }) => target_id === 'by-wrong-password')).toMatchObject({
      WindowsPublished: 0,
      WindowsFailed: 1,
    });

    const everything = [
      lambda.output(),
      JSON.stringify(await aws.rows()),
      JSON.stringify(await aws.receive()),
    ].join('\n');
    expect(SECRETS.filter((secret) => everything.includes(secret))).toEqual([]);
    expect(everything).not.toMatch(/Signature=|MII[\w-]{20}/);
  });

  it('goes on after a secret was rotated while it was warm', async () => {
    const { aws, lambda, emulator } = await setUp();
    await lambda.invoke(event('by-password'));
    const rotated = { ...DEMO_ACCOUNT.user, password: 'fake-rotated-password-77aa' };
    emulator.setPassword(rotated);
    aws.setSecret('huawei/password', { kind: 'password', ...rotated });
    const dayBefore = Temporal.Instant.from(scheduled_time).subtract({ hours: 24 }).toString();
    const answer = await lambda.invoke({ ...event('by-password'), scheduled_time: dayBefore });
    expect(answer).toMatchObject({ result: { targets: [{ published: 1 }] } });
    expect(aws.secretReads()).toBe(2);
  });

  it.each([
    [{}, 'target_id: is missing'],
    [{ ...event('by-pasword') }, 'did you mean "by-password"?'],
    [{ ...event('off') }, 'is not enabled'],
  ])('refuses the event %j and says what was expected', async (wrong, help) => {
    const { aws, lambda } = await setUp();
    const answer = await lambda.invoke(wrong);
    expect(answer).toMatchObject({
      error: { name: 'InputError', type: 'InputError', message: expect.stringContaining(help) },
    });
    expect(await aws.rows()).toEqual([]);
  });

  it('ends by itself before Lambda would end it, and the next run does the rest', async () => {
    const { aws, lambda, emulator } = await setUp();
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'slow', milliseconds: 60_000 } }] });
    const answer = await lambda.invoke(event('by-password'), 25_000);
    expect(answer).toMatchObject({ result: { targets: [{ deferred: 1, failed: [] }] } });
    expect(await aws.rows()).toMatchObject([{ state: { S: 'failed' } }]);
    expect(await lambda.invoke(event('by-password'))).toMatchObject({
      result: { targets: [{ published: 1 }] },
    });
  });

  it('orders nothing when the time that is left is less than what it keeps in reserve', async () => {
    const { lambda, emulator } = await setUp();
    expect(await lambda.invoke(event('by-password'), 5_000)).toMatchObject({
      result: { targets: [{ published: 0, deferred: 1 }] },
    });
    expect(emulator.tasks()).toEqual([]);
  });

  it('that cannot be wired says so in its log and its metric before it throws, each time', async () => {
    const { aws, deploy } = await setUpDeployed('scheduled-export');
    const { LEDGER_TABLE: _, ...incomplete } = aws.environment;
    const sweep = { sweep: true, scheduled_time };
    for (const [environment, asked, said, target_id] of [
      [incomplete, event('by-password'), 'LEDGER_TABLE: is missing', 'by-password'],
      [{ ...incomplete, LEDGER_TABLE: '' }, event('by-key'), 'LEDGER_TABLE: must be the name', 'by-key'],
      [{ ...aws.environment, LOG_LEVEL: 'LOUD' }, event('Odd\n'), 'LOG_LEVEL: must be one of', '_none'],
      [incomplete, sweep, 'LEDGER_TABLE: is missing', '_none'],
    ] as const) {
      const lambda = await deploy(environment);
      const message = expect.stringContaining(said);
      for (const _time of [1, 2])
        expect(await lambda.invoke(asked)).toEqual({
          error: { name: 'InputError', type: 'InputError', message },
        });
      const metrics = () => logLines(lambda.output()).filter((line) => '_aws' in line);
      await expect.poll(metrics).toHaveLength(2);
      expect(logLines(lambda.output()).filter(({ level }) => level)).toMatchObject(
        [1, 2].map(() => ({
          level: 'ERROR',
          message: 'run failed',
          correlation_id: '8f5cbb11-2f7b-4d5e-9d0c-000000000001',
          error: { name: 'InputError', message },
        })),
      );
      const Dimensions = [['target_id']];
      expect(metrics().at(-1)).toMatchObject({
        WindowsFailed: 1,
        target_id,
        _aws: { CloudWatchMetrics: [{ Namespace: 'WorkspaceLoginExport', Dimensions }] },
      });
    }
  });

  it('without a region fails the window, in its log and its metric', async () => {
    const { aws, deploy } = await setUpDeployed('scheduled-export');
    const { AWS_REGION: _, ...incomplete } = aws.environment;
    const lambda = await deploy(incomplete);
    const answer = await lambda.invoke(event('by-password'));
    expect(answer).toMatchObject({ error: { message: expect.stringContaining('Region is missing') } });
    await expect.poll(() => lambda.output()).toMatch(/"WindowsFailed":[1-9]/);
    expect(lambda.output()).toContain('run failed');
  });
});

it('every error of ours has its name as a text in the bundle, where a minifier shortens names', () => {
  const sources = globSync('lib/**/*.ts', { cwd: ROOT }).map((file) =>
    readFileSync(join(ROOT, file), 'utf8'),
  );
  const classes = sources.flatMap((source) => [
    ...source.matchAll(/class (\w+) extends \w+Error \{\n(.*)\n/g),
  ]);
  expect(classes.length).toBeGreaterThan(9);
  for (const [, name, first] of classes) {
    // A class that others extend has to say that theirs is a text, too.
    const ofClass = first?.replace('name: string =', 'name =');
    expect(ofClass).toBe(`  static override readonly name = '${name}';`);
  }
  // An error has the name of its class.
  expect(new InputError('x', []).name).toBe('InputError');
  expect(new UnexpectedError('x').name).toBe('UnexpectedError');
});
