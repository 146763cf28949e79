import { Temporal } from 'temporal-polyfill';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createSchedulerAlarm } from '../../../lib/adapters/alarm/aws-scheduler.ts';
import { readAlertEvent } from '../../../lib/exports/alerts/alert-event.ts';
import { describeAlarmContract } from '../../contracts/alarm-clock.ts';
import type { AwsClientConfig } from '../../support/aws-client-config.ts';
import { startAwsFault } from '../../support/aws-fault-server.ts';
import { type SchedulerServer, startScheduler } from '../../support/scheduler-server.ts';

const NOON = Temporal.Instant.from('2026-11-24T12:00:00Z');

const given = {
  group: 'export-follow-ups',
  roleArn: 'arn:aws:iam::123456789012:role/follow-up',
  functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:alert-export',
  deadLetterArn: 'arn:aws:sqs:eu-central-1:123456789012:undelivered-alerts',
};

const open = (clientConfig: AwsClientConfig, now = NOON) =>
  createSchedulerAlarm({ ...given, clock: () => now, clientConfig });

describeAlarmContract('EventBridge Scheduler', async () => {
  const { clientConfig, close } = await startScheduler();
  return { alarm: open(clientConfig), close };
});

describe('an alarm in EventBridge Scheduler', () => {
  let server: SchedulerServer;

  beforeEach(async () => {
    server = await startScheduler();
  });
  afterEach(() => server.close());

  const wake = (at: string, now = NOON) =>
    open(server.clientConfig, now).wake('acme-prod', Temporal.Instant.from(at));
  const times = () => [...server.schedules.values()].map((it) => it['ScheduleExpression']);

  test('is a schedule that starts the function once and deletes itself', async () => {
    await wake('2026-11-24T12:30:00Z');
    expect([...server.schedules]).toEqual([
      [
        'export-follow-ups/acme-prod_20261124T123000Z_d2836b7de9447c4a',
        {
          ScheduleExpression: 'at(2026-11-24T12:30:00)',
          ScheduleExpressionTimezone: 'UTC',
          FlexibleTimeWindow: { Mode: 'OFF' },
          ActionAfterCompletion: 'DELETE',
          Target: {
            Arn: given.functionArn,
            RoleArn: given.roleArn,
            Input: expect.any(String),
            RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
            DeadLetterConfig: { Arn: given.deadLetterArn },
          },
        },
      ],
    ]);
  });

  test('sends an event that the function reads', async () => {
    await wake('2026-11-24T12:30:00Z');
    const [schedule] = server.schedules.values();
    const { Input: input } = Object(schedule?.['Target']);
    expect(readAlertEvent(JSON.parse(input), { arrivedAt: Temporal.Now.instant() })).toEqual({
      kind: 'follow_up',
      targetId: 'acme-prod',
    });
  });

  test('rings at the whole minute that follows, never before its time', async () => {
    await wake('2026-11-24T12:30:01Z');
    await wake('2026-11-24T12:31:00.000000001Z');
    expect(times()).toEqual(['at(2026-11-24T12:31:00)', 'at(2026-11-24T12:32:00)']);
  });

  test('is set so far ahead that its time has not passed when the call arrives', async () => {
    await wake('2026-11-24T11:00:00Z');
    await wake('2026-11-24T12:00:59Z', NOON.add({ seconds: 58 }));
    expect(times()).toEqual(['at(2026-11-24T12:01:00)', 'at(2026-11-24T12:02:00)']);
  });

  test('of two targets at the same time are two, whose longest ids Scheduler takes', async () => {
    const alarm = open(server.clientConfig);
    const ids = ['a', 'b'].map((last) => `${'a'.repeat(62)}${last}`);
    await Promise.all(ids.map((id) => alarm.wake(id, NOON.add({ minutes: 30 }))));
    expect(server.schedules.size).toBe(2);
  });
});

test('an alarm that may not be set says which, in which group, and what AWS said', async () => {
  const message =
    'User: arn:aws:sts::1:assumed-role/x is not authorized to perform: scheduler:CreateSchedule';
  const { clientConfig, close } = await startAwsFault({ refuse: 'AccessDeniedException', message });
  onTestFinished(close);
  await expect(open(clientConfig).wake('acme-prod', NOON.add({ minutes: 30 }))).rejects.toMatchObject({
    kind: 'infrastructure',
    message: `Could not set the alarm acme-prod_20261124T123000Z_d2836b7de9447c4a in the schedule group export-follow-ups: AccessDeniedException: ${message}`,
    cause: { name: 'AccessDeniedException' },
  });
});
