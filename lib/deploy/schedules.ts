import type { Target } from '../domain/input/target.ts';
import { arnOf, type Fragment, type Resource } from './template/cloudformation.ts';
import { type Deployment, enabledTargets, logicalId } from './template/deployment.ts';

/**
 * One schedule for each enabled target, and the sweep, which goes on with what their runs and the alerts started. Its
 * interval is how long an alert waits for what could not be exported when it came.
 */
export function schedules(deployment: Deployment): Fragment {
  const enabled = enabledTargets(deployment);
  return {
    Resources: {
      ScheduleGroup: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: deployment.prefix } },
      ...Object.fromEntries(
        enabled.map((target) => [logicalId('Schedule', target.id), targetSchedule(target)]),
      ),
      SweepSchedule: schedule({
        name: SWEEP,
        expression: 'rate(15 minutes)',
        zone: 'UTC',
        input: { sweep: true },
      }),
    },
  };
}

/** The name of the sweep's schedule. No target can have this name: target ids have no "_". */
export const SWEEP = '_sweep';

function targetSchedule({ id, schedule: expression, scheduleTimeZone: zone }: Target) {
  return schedule({ name: id, expression, zone, input: { target_id: id } });
}

type Firing = {
  name: string;
  expression: string;
  zone: string;
  input: { target_id: string } | { sweep: true };
};

function schedule({ name, expression, zone, input }: Firing): Resource<'AWS::Scheduler::Schedule'> {
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: name,
      GroupName: { Ref: 'ScheduleGroup' },
      State: 'ENABLED',
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: zone,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: arnOf('ScheduledExportLambdaFunction'),
        RoleArn: arnOf('SchedulerRole'),
        Input: JSON.stringify({ ...input, ...TIME }),
        // The service's longest: a late run asks for the same windows as one in time.
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: arnOf('UndeliveredRunsQueue') },
      },
    },
  };
}

// EventBridge Scheduler fills in what is written in <>. Its execution id differs at every attempt, so the id is not used.
const TIME = {
  scheduled_time: '<aws.scheduler.scheduled-time>',
  schedule_arn: '<aws.scheduler.schedule-arn>',
};
