import { METRIC_NAMESPACE } from '../../../lib/adapters/telemetry/metrics.ts';
import type { Metric } from './cloudwatch.ts';
import { inFunction, inQueue, ofRule, ofSchedules } from './written-by-aws.ts';

const MINUTE = 60;
const HOUR = 3_600;

/** What was written in one period after the other: nothing, or so many values. */
type Periods = readonly (readonly number[])[];

/** An alarm of the service: what it watches, the exact limit, why it is that, and what lies on either side of it. */
export type ServiceLimit = {
  name: string;
  metric: Metric;
  limit: Record<string, string | number>;
  why: string;
  quiet: Periods;
  loud: Periods;
};

const limit = (Statistic: string, operator: string, Threshold: number, Period: number) => ({
  Statistic,
  ComparisonOperator: `${operator}Threshold`,
  Threshold,
  Period,
  EvaluationPeriods: 1,
  DatapointsToAlarm: 1,
  TreatMissingData: 'notBreaching',
});
const twice = { EvaluationPeriods: 2, DatapointsToAlarm: 2 };

function failing(name: string, functionName: string): ServiceLimit {
  return {
    name,
    metric: inFunction(functionName, 'Errors'),
    limit: limit('Sum', 'GreaterThanOrEqualTo', 2, 15 * MINUTE),
    why: 'Lambda repeats after one minute and after two, so one error is an attempt that was made good, and two are none',
    quiet: [[1, 0], [1, 0], [1]],
    loud: [[0], [1, 1], [0]],
  };
}

function filled(name: string, queue: string): ServiceLimit {
  return {
    name,
    metric: inQueue(queue, 'ApproximateNumberOfMessagesVisible'),
    limit: limit('Maximum', 'GreaterThanOrEqualTo', 1, 5 * MINUTE),
    why: 'each message there is work that nobody will do by himself; SQS writes once in five minutes',
    quiet: [[0], [0], [0]],
    loud: [[0], [1, 0], [0]],
  };
}

const ours = (name: string): Metric => ({
  namespace: METRIC_NAMESPACE,
  name,
  dimensions: { target_id: '_service' },
});

const nothingFor = (periods: number): number[][] => Array.from({ length: periods }, () => []);

function refused(from: string, metric: Metric): ServiceLimit {
  return {
    name: `dead-letters-refused-${from}`,
    metric,
    limit: limit('Sum', 'GreaterThanOrEqualTo', 1, 5 * MINUTE),
    why: 'what is neither delivered nor in a queue is gone, and told nowhere else',
    quiet: [[0], [], [0]],
    loud: [[], [1], []],
  };
}

export const SERVICE_LIMITS: ServiceLimit[] = [
  {
    name: 'no-runs',
    metric: inFunction('ScheduledExportLambdaFunction', 'Invocations'),
    limit: { ...limit('Sum', 'LessThan', 1, HOUR), TreatMissingData: 'breaching' },
    why: 'the sweep runs four times an hour, so an hour without any is four that did not come; silence writes nothing',
    quiet: [[1, 1, 1, 1], [1], [1]],
    loud: [[1], [], [1]],
  },
  failing('scheduled-export-failing', 'ScheduledExportLambdaFunction'),
  failing('alert-export-failing', 'AlertExportLambdaFunction'),
  {
    name: 'clock-off',
    metric: ours('ClockOffsetSeconds'),
    limit: {
      ...limit('Maximum', 'GreaterThan', 300, HOUR),
      Unit: 'Seconds',
      EvaluationPeriods: 26,
      DatapointsToAlarm: 1,
    },
    why: 'five minutes, as runs have it; a nightly target asks for the time once a day, so one figure holds for 26 hours',
    quiet: [...nothingFor(26), [300], ...nothingFor(26)],
    loud: [...nothingFor(26), [301], []],
  },
  {
    name: 'windows-never-confirmed',
    metric: ours('WindowsNeverConfirmed'),
    limit: { ...limit('Sum', 'GreaterThanOrEqualTo', 1, HOUR), Unit: 'Count' },
    why: 'each is told once, and by nothing else; most runs have none to tell and write nothing',
    quiet: [[], [0], []],
    loud: [[], [1], []],
  },
  {
    name: 'alerts-lost',
    metric: ours('AlertsLost'),
    limit: { ...limit('Sum', 'GreaterThanOrEqualTo', 1, HOUR), Unit: 'Count' },
    why: 'each loss is told once, and nothing brings it back; most runs have none to tell and write nothing',
    quiet: [[], [0], []],
    loud: [[], [1], []],
  },
  {
    name: 'alerts-exhausted',
    metric: ours('AlertsExhausted'),
    limit: { ...limit('Sum', 'GreaterThanOrEqualTo', 1, HOUR), Unit: 'Count' },
    why: 'each is told once for each max_attempts, and no run orders it until a person raises the number',
    quiet: [[], [0], []],
    loud: [[], [1], []],
  },
  {
    name: 'rows-unreadable',
    metric: ours('RowsUnreadable'),
    limit: { ...limit('Sum', 'GreaterThanOrEqualTo', 1, HOUR), Unit: 'Count' },
    why: 'no row is ever spoilt while all is well; every run and sweep that meets one tells it',
    quiet: [[], [0], []],
    loud: [[], [1], []],
  },
  {
    name: 'scheduled-export-throttled',
    metric: inFunction('ScheduledExportLambdaFunction', 'Throttles'),
    limit: { ...limit('Sum', 'GreaterThanOrEqualTo', 1, 15 * MINUTE), ...twice },
    why: 'Lambda tries again for six hours; half an hour of it is an account without concurrency',
    quiet: [[1], [0], [3], [0]],
    loud: [[0], [1], [1], [0]],
  },
  {
    name: 'alert-export-behind',
    metric: inFunction('AlertExportLambdaFunction', 'AsyncEventAge'),
    limit: limit('Maximum', 'GreaterThan', 1_800_000, 15 * MINUTE),
    why: 'in milliseconds: an alert that waits for more than half an hour',
    quiet: [[1_800_000], [40, 1_800_000]],
    loud: [[40], [40, 1_800_001], [40]],
  },
  {
    name: 'schedules-undelivered',
    metric: ofSchedules('ScheduleGroup', 'TargetErrorCount'),
    limit: limit('Sum', 'GreaterThanOrEqualTo', 2, 15 * MINUTE),
    why: 'one error is a moment of Lambda, after which Scheduler tries again; it is told a day before the run is exhausted',
    quiet: [[1], [1], [1]],
    loud: [[], [1, 1], []],
  },
  filled('undelivered-runs', 'UndeliveredRunsQueue'),
  filled('failed-runs', 'FailedRunsQueue'),
  filled('undelivered-alerts', 'UndeliveredAlertsQueue'),
  filled('failed-alerts', 'FailedAlertsQueue'),
  filled('tasks-dead', 'TaskDeadLetterQueue'),
  {
    name: 'tasks-unread',
    metric: inQueue('TaskQueue', 'ApproximateAgeOfOldestMessage'),
    limit: limit('Maximum', 'GreaterThan', 172_800, HOUR),
    why: 'two days in seconds: a consumer may rest over a night, and SQS deletes after 14 days',
    quiet: [[172_800], [172_800]],
    loud: [[0], [172_801], [0]],
  },
  refused('scheduled-export', inFunction('ScheduledExportLambdaFunction', 'DestinationDeliveryFailures')),
  refused('alert-export', inFunction('AlertExportLambdaFunction', 'DestinationDeliveryFailures')),
  refused('schedules', ofSchedules('ScheduleGroup', 'InvocationsFailedToBeSentToDeadLetterCount')),
  ...['GuardDutyFindings', 'SecurityHubFindings', 'SecurityHubFindingsV2', 'LoginExportRequests'].map(
    (rule) => refused(rule, ofRule(rule, 'InvocationsFailedToBeSentToDlq')),
  ),
];
