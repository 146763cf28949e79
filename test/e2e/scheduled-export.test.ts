import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { DEMO_ACCOUNT } from '../../lib/emulator/demo-account.ts';
import { startAws } from '../support/aws.ts';
import { deployAsIs, SECRETS, setUpDeployed } from '../support/deployed.ts';

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
      left_for_next_run: 0,
      failed: [],
      confirmed: 0,
      lost: [],
    };
    expect(await lambda.invoke(event('by-password'))).toEqual({
      result: { targets: [{ ...report, announced: 1, already_covered: 0 }] },
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
      state: { S: 'announced' },
      version: { N: '3' },
    });
    expect(JSON.parse(row?.['record']?.S ?? '')).toMatchObject({
      state: 'announced',
      message: received[0]?.message,
    });

    expect(await lambda.invoke(event('by-password'))).toEqual({
      result: { targets: [{ ...report, announced: 0, already_covered: 1 }] },
    });
    expect(await aws.receive()).toEqual([]);
    expect(emulator.tasks()).toHaveLength(1);
    expect(await aws.rows()).toEqual([row]);
    const counts = () =>
      logLines(lambda.output())
        .filter((line) => '_aws' in line)
        .map(({ WindowsAnnounced }) => WindowsAnnounced);
    await expect.poll(counts).toEqual([1, 0]);
  });

  it('does all enabled targets for a classic event, and throws because one failed', async () => {
    const { aws, lambda } = await setUp();
    const answer = await lambda.invoke({
      'detail-type': 'Scheduled Event',
      time: scheduled_time,
      resources: [],
    });
    expect(answer).toMatchObject({ error: { name: 'RunFailedError' } });
    const received = await aws.receive();
    expect(received.map(({ attributes }) => attributes['target_id']).sort()).toEqual([
      'by-key',
      'by-password',
    ]);
    const states = (await aws.rows()).map((row) => `${row['target_id']?.S} ${row['state']?.S}`).sort();
    expect(states).toEqual(['by-key announced', 'by-password announced', 'by-wrong-password failed']);
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
        'task announced',
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
      WindowsAnnounced: 1,
      WindowsFailed: 0,
      ExportCallMilliseconds: expect.any(Number),
    });
    expect(metrics.find(({ target_id }) => target_id === 'by-wrong-password')).toMatchObject({
      WindowsAnnounced: 0,
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
    expect(answer).toMatchObject({ result: { targets: [{ announced: 1 }] } });
    expect(aws.secretReads()).toBe(2);
  });

  it.each([
    [{}, 'target_id: is missing'],
    [{ ...event('by-pasword') }, 'did you mean "by-password"?'],
    [{ ...event('off') }, 'is not enabled'],
  ])('refuses the event %j and says what was expected', async (wrong, help) => {
    const { aws, lambda } = await setUp();
    const answer = await lambda.invoke(wrong);
    expect(answer).toMatchObject({ error: { name: 'InputError', message: expect.stringContaining(help) } });
    expect(await aws.rows()).toEqual([]);
  });

  it('ends by itself before Lambda would end it, and the next run does the rest', async () => {
    const { aws, lambda, emulator } = await setUp();
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'slow', milliseconds: 60_000 } }] });
    const answer = await lambda.invoke(event('by-password'), 25_000);
    expect(answer).toMatchObject({ result: { targets: [{ left_for_next_run: 1, failed: [] }] } });
    expect(await aws.rows()).toMatchObject([{ state: { S: 'failed' } }]);
    expect(await lambda.invoke(event('by-password'))).toMatchObject({
      result: { targets: [{ announced: 1 }] },
    });
  });

  it('orders nothing when the time that is left is less than what it keeps in reserve', async () => {
    const { lambda, emulator } = await setUp();
    expect(await lambda.invoke(event('by-password'), 5_000)).toMatchObject({
      result: { targets: [{ announced: 0, left_for_next_run: 1 }] },
    });
    expect(emulator.tasks()).toEqual([]);
  });

  it('without its settings says which are missing', async () => {
    const aws = await startAws({});
    const { LEDGER_TABLE: _, ...incomplete } = aws.environment;
    const lambda = await deployAsIs('scheduled-export', incomplete);
    expect(await lambda.invoke(event('acme-prod'))).toMatchObject({
      error: { message: expect.stringContaining('LEDGER_TABLE: is missing') },
    });
  });
});
