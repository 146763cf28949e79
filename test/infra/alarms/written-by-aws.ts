import type { Metric } from './cloudwatch.ts';

const ref = (name: string) => ({ Ref: name });

export const inFunction = (name: string, metric: string): Metric => ({
  namespace: 'AWS/Lambda',
  name: metric,
  dimensions: { FunctionName: ref(name) },
});

export const inQueue = (name: string, metric: string): Metric => ({
  namespace: 'AWS/SQS',
  name: metric,
  dimensions: { QueueName: { 'Fn::GetAtt': [name, 'QueueName'] } },
});

export const ofSchedules = (group: string, metric: string): Metric => ({
  namespace: 'AWS/Scheduler',
  name: metric,
  dimensions: { ScheduleGroup: ref(group) },
});

export const ofRule = (rule: string, metric: string): Metric => ({
  namespace: 'AWS/Events',
  name: metric,
  dimensions: { RuleName: ref(rule) },
});

/**
 * What AWS writes and alarms may name, by namespace: the metrics, and the one dimension of each. Sources: Lambda
 * Developer Guide, "Types of metrics for Lambda functions"; SQS Developer Guide, "Available CloudWatch metrics for
 * Amazon SQS"; EventBridge Scheduler User Guide, "Monitoring with Amazon CloudWatch"; EventBridge User Guide,
 * "Monitoring Amazon EventBridge".
 */
export const WRITTEN_BY_AWS: Record<string, { dimension: string; of: string; names: string[] }> = {
  'AWS/Lambda': {
    dimension: 'FunctionName',
    of: 'AWS::Lambda::Function',
    names: ['Invocations', 'Errors', 'Throttles', 'Duration', 'AsyncEventAge', 'DestinationDeliveryFailures'],
  },
  'AWS/SQS': {
    dimension: 'QueueName',
    of: 'AWS::SQS::Queue',
    names: ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
  },
  'AWS/Scheduler': {
    dimension: 'ScheduleGroup',
    of: 'AWS::Scheduler::ScheduleGroup',
    names: ['TargetErrorCount', 'InvocationsFailedToBeSentToDeadLetterCount'],
  },
  'AWS/Events': { dimension: 'RuleName', of: 'AWS::Events::Rule', names: ['InvocationsFailedToBeSentToDlq'] },
};
