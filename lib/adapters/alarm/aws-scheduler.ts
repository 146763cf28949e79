import { createHash } from 'node:crypto';
import type { CreateScheduleCommandInput, SchedulerClientConfig } from '@aws-sdk/client-scheduler';
import { type Instant, later } from '../../domain/instant.ts';
import type { AlarmClock, Clock } from '../../ports.ts';
import { AWS_LIMITS } from '../aws-limits.ts';
import { attempt } from '../infrastructure-failure.ts';
import { lazily } from '../lazily.ts';

type Options = {
  /** The name of the schedule group that all alarms go to. */
  group: string;
  /** The role that starts the function. */
  roleArn: string;
  /** The function that exports for alerts. */
  functionArn: string;
  /** The queue for alarms that could not start it. */
  deadLetterArn: string;
  clock: Clock;
  /** Laid over what the SDK finds in the environment (region, credentials, endpoint) and over our time limits. */
  clientConfig?: SchedulerClientConfig;
};

/**
 * The alarm clock in EventBridge Scheduler: one-time schedules that delete themselves when they have fired, at the first
 * whole minute from then on that is not too near to be set. The SDK is loaded at the first call.
 */
export function createSchedulerAlarm({ clock, clientConfig, ...given }: Options): AlarmClock {
  const sdk = lazily(async () => {
    const { SchedulerClient, CreateScheduleCommand } = await import('@aws-sdk/client-scheduler');
    return { client: new SchedulerClient({ ...AWS_LIMITS, ...clientConfig }), CreateScheduleCommand };
  });
  return {
    wake(targetId, at) {
      const schedule = scheduleFor(targetId, minuteFor(at, clock()), given);
      return attempt(`set the alarm ${schedule.Name} in the schedule group ${given.group}`, async () => {
        const { client, CreateScheduleCommand } = await sdk();
        await client.send(new CreateScheduleCommand(schedule)).catch(unlessSet);
      });
    },
  };
}

// Scheduler keeps time to the minute (its user guide, "Schedule types"), and a time must not have passed when the call
// arrives there.
function minuteFor(at: Instant, now: Instant): Instant {
  return later(at, now.add({ seconds: 59 })).round({ smallestUnit: 'minute', roundingMode: 'ceil' });
}

function scheduleFor(
  targetId: string,
  at: Instant,
  { group, roleArn, functionArn, deadLetterArn }: Omit<Options, 'clock' | 'clientConfig'>,
): CreateScheduleCommandInput & { Name: string } {
  const time = at.toString();
  return {
    Name: nameOf(targetId, time),
    GroupName: group,
    ScheduleExpression: `at(${time.replace('Z', '')})`,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: functionArn,
      RoleArn: roleArn,
      Input: JSON.stringify({ follow_up: true, target_id: targetId, scheduled_time: time }),
      // The service's longest: what is due stays due.
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      DeadLetterConfig: { Arn: deadLetterArn },
    },
  };
}

// Scheduler lets a name have 64 characters, and the id of a target has up to 63: its beginning is for people, the digest
// for telling it from others.
function nameOf(targetId: string, time: string): string {
  const digest = createHash('sha256').update(targetId).digest('hex').slice(0, 16);
  return [targetId.slice(0, 30), time.replaceAll(/[-:]/g, ''), digest].join('_');
}

// The name says all that the schedule does, so one that is there already does the same.
function unlessSet(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'ConflictException') throw error;
}
