const enabledTargets = require('./enabled-targets.cjs');
const { logicalId, prefixOf } = require('./names.cjs');

// One schedule for each enabled target, and the sweep, which goes on with what their runs and the alerts began. Its
// interval is how long an alert waits for what could not be exported when it came.
module.exports = async (osls) => {
  const enabled = await enabledTargets();
  return {
    Resources: {
      ScheduleGroup: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: await prefixOf(osls) } },
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
};

// No target can have this name: ids of targets know no "_".
const SWEEP = '_sweep';

function targetSchedule({ id, schedule: expression, scheduleTimeZone: zone }) {
  return schedule({ name: id, expression, zone, input: { target_id: id } });
}

function schedule({ name, expression, zone, input }) {
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
        Arn: { 'Fn::GetAtt': ['ScheduledExportLambdaFunction', 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
        Input: JSON.stringify({ ...input, ...TIME }),
        // The service's longest: a late run asks for the same windows as one in time.
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['UndeliveredRunsQueue', 'Arn'] } },
      },
    },
  };
}

// EventBridge Scheduler fills in what stands in <>. Its execution id is another at every attempt, so it is not asked for.
const TIME = {
  scheduled_time: '<aws.scheduler.scheduled-time>',
  schedule_arn: '<aws.scheduler.schedule-arn>',
};
