import type { AlarmProperties, Resource, Text } from '../template/cloudformation.ts';

/** What is watched, when it is bad, and what the alarm says then. */
export type Alarm = {
  /** The part of docs/operations.md about it. */
  page: string;
  /** The last part of its name, where several alarms have one page; that of the page otherwise. */
  name?: string;
  /** Opens the description, which is what arrives by e-mail. */
  says: string;
  metric: Metric;
  when: Limit & {
    statistic: AlarmProperties['Statistic'];
    /** In seconds. */
    period: number;
    /** How many periods in a row are looked at: 1 unless given. */
    of?: number;
    /** In how many of these the statistic must be bad: in all unless given. */
    times?: number;
    /** What a period without a figure counts as: as good, unless given. */
    missing?: 'breaching';
  };
};

type Limit = { atLeast: number } | { above: number } | { below: number };

export function alarm(name: string, { page, says, metric, when }: Alarm): Resource<'AWS::CloudWatch::Alarm'> {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: name,
      AlarmDescription: `${says} What to do: docs/operations.md#${page}`,
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistic: when.statistic,
      Period: when.period,
      ...(metric.unit ? { Unit: metric.unit } : {}),
      ...threshold(when),
      EvaluationPeriods: when.of ?? 1,
      DatapointsToAlarm: when.times ?? when.of ?? 1,
      TreatMissingData: when.missing ?? 'notBreaching',
      AlarmActions: [TOPIC],
      OKActions: [TOPIC],
    },
  };
}

/** Where alarms go: see alarms.ts. */
export const TOPIC = { Ref: 'AlarmTopic' };

function threshold(limit: Limit): Pick<AlarmProperties, 'ComparisonOperator' | 'Threshold'> {
  if ('above' in limit) return { ComparisonOperator: 'GreaterThanThreshold', Threshold: limit.above };
  if ('below' in limit) return { ComparisonOperator: 'LessThanThreshold', Threshold: limit.below };
  return { ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: limit.atLeast };
}

export function nameOf({ page, name = page }: Alarm): string {
  return name;
}

/** A metric with its dimensions. */
export type Metric = { namespace: string; name: string; unit?: string; dimensions: Record<string, Text> };

/** A metric that the functions write, of a target or of the service (`_service`). */
export function ours(target_id: string, name: string, unit: 'Count' | 'Seconds' | 'None'): Metric {
  return { namespace: 'WorkspaceLoginExport', name, unit, dimensions: { target_id } };
}

// Metrics that AWS writes, with the dimensions it writes them in. Sources: Lambda Developer Guide, "Types of metrics";
// SQS Developer Guide, "Available CloudWatch metrics"; EventBridge Scheduler User Guide, "Monitoring with CloudWatch";
// EventBridge User Guide, "Monitoring Amazon EventBridge".

export function inFunction(name: string, metric: string): Metric {
  return { namespace: 'AWS/Lambda', name: metric, dimensions: { FunctionName: { Ref: name } } };
}

export function inQueue(name: string, metric: string): Metric {
  const dimensions = { QueueName: { 'Fn::GetAtt': [name, 'QueueName'] as [string, string] } };
  return { namespace: 'AWS/SQS', name: metric, dimensions };
}

/** Of the schedules of a group. */
export function delivery(group: string, metric: string): Metric {
  return { namespace: 'AWS/Scheduler', name: metric, dimensions: { ScheduleGroup: { Ref: group } } };
}

/** Of a rule on the default event bus. */
export function ofRule(name: string, metric: string): Metric {
  return { namespace: 'AWS/Events', name: metric, dimensions: { RuleName: { Ref: name } } };
}
