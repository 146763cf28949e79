const deployedTargets = require('./deployed-targets.cjs');

// One schedule for each enabled target.
module.exports = async ({ resolveVariable }) => {
  const [service, stage] = [await resolveVariable('self:service'), await resolveVariable('sls:stage')];
  const enabled = (await deployedTargets()).filter((target) => target.enabled);
  return {
    Resources: {
      ScheduleGroup: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: `${service}-${stage}` } },
      ...Object.fromEntries(enabled.map((target) => [logicalId(target.id), schedule(target)])),
    },
  };
};

// Logical ids know no "-"; ids of targets know no capital letters, so no two become the same.
function logicalId(targetId) {
  return `Schedule${targetId.replaceAll('-', 'X')}`;
}

function schedule({ id, schedule, scheduleTimeZone }) {
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: id,
      GroupName: { Ref: 'ScheduleGroup' },
      State: 'ENABLED',
      ScheduleExpression: schedule,
      ScheduleExpressionTimezone: scheduleTimeZone,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': ['ScheduledExportLambdaFunction', 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
        Input: JSON.stringify(input(id)),
        // The service's longest: a late run asks for the same windows as one in time.
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['UndeliveredRunsQueue', 'Arn'] } },
      },
    },
  };
}

// EventBridge Scheduler fills in what stands in <>. Its execution id is another at every attempt, so it is not asked for.
function input(targetId) {
  return {
    target_id: targetId,
    scheduled_time: '<aws.scheduler.scheduled-time>',
    schedule_arn: '<aws.scheduler.schedule-arn>',
  };
}
