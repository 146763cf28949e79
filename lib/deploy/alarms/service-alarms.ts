import { THE_SERVICE } from '../../domain/exports/run-events.ts';
import { type Alarm, delivery, inFunction, inQueue, type Metric, ofRule, ours } from './alarm.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * What is watched of the service as a whole: metrics that AWS writes of functions, schedules and queues, and those of ours
 * that are written only when there is something to report. Of these, silence is good. `rules` are the logical ids of the
 * rules of the event bus.
 */
export const serviceAlarms = (rules: readonly string[]): Alarm[] => [
  {
    page: 'no-runs',
    says: 'The export has not run for an hour; the sweep alone runs every 15 minutes.',
    metric: inFunction('ScheduledExportLambdaFunction', 'Invocations'),
    when: { statistic: 'Sum', below: 1, period: HOUR, missing: 'breaching' },
  },
  failing(
    'scheduled-export-failing',
    'ScheduledExportLambdaFunction',
    'A run failed, and so did its repetition.',
  ),
  failing(
    'alert-export-failing',
    'AlertExportLambdaFunction',
    'An export for alerts failed, and so did its repetition.',
  ),
  {
    page: 'clock-off',
    says: "The clock that the functions run by and Huawei's are more than five minutes apart.",
    metric: ours(THE_SERVICE, 'ClockOffsetSeconds', 'Seconds'),
    // Only runs that have something to do ask for the time, of a nightly target once a day: the alarm fires until a
    // day has passed without such a figure, and does not stop and start anew each night.
    when: { statistic: 'Maximum', above: 300, period: HOUR, times: 1, of: 26 },
  },
  {
    page: 'windows-never-confirmed',
    says: 'Nobody ever said how export tasks ended, and Huawei no longer keeps the records.',
    metric: ours(THE_SERVICE, 'WindowsNeverConfirmed', 'Count'),
    when: { statistic: 'Sum', atLeast: 1, period: HOUR },
  },
  {
    page: 'alerts-lost',
    says: 'Huawei no longer has login records that an alert asked for, and they were never exported.',
    metric: ours(THE_SERVICE, 'AlertsLost', 'Count'),
    when: { statistic: 'Sum', atLeast: 1, period: HOUR },
  },
  {
    page: 'alerts-exhausted',
    says: 'All exports that max_attempts allows for an alert have failed; no other is ordered for it.',
    metric: ours(THE_SERVICE, 'AlertsExhausted', 'Count'),
    when: { statistic: 'Sum', atLeast: 1, period: HOUR },
  },
  {
    page: 'rows-unreadable',
    says: 'Rows of the ledger cannot be read: their exports count as not done, and what they ask for waits.',
    metric: ours(THE_SERVICE, 'RowsUnreadable', 'Count'),
    when: { statistic: 'Sum', atLeast: 1, period: HOUR },
  },
  {
    page: 'scheduled-export-throttled',
    says: 'Lambda has held runs back for half an hour: the account has no concurrency left.',
    metric: inFunction('ScheduledExportLambdaFunction', 'Throttles'),
    when: { statistic: 'Sum', atLeast: 1, period: 15 * MINUTE, of: 2 },
  },
  {
    page: 'alert-export-behind',
    says: 'An alert has waited for more than half an hour for its export to begin.',
    metric: inFunction('AlertExportLambdaFunction', 'AsyncEventAge'),
    when: { statistic: 'Maximum', above: 30 * MINUTE * 1_000, period: 15 * MINUTE },
  },
  {
    page: 'schedules-undelivered',
    says: 'Schedules cannot start the export; EventBridge Scheduler goes on trying for a day.',
    metric: delivery('ScheduleGroup', 'TargetErrorCount'),
    when: { statistic: 'Sum', atLeast: 2, period: 15 * MINUTE },
  },
  filled(
    'undelivered-runs',
    'UndeliveredRunsQueue',
    'A schedule could not start the export for a whole day.',
  ),
  filled('failed-runs', 'FailedRunsQueue', 'A run failed three times and was dropped.'),
  filled(
    'undelivered-alerts',
    'UndeliveredAlertsQueue',
    'An alert could not start the export for a whole day.',
  ),
  filled('failed-alerts', 'FailedAlertsQueue', 'An export for alerts failed three times and was dropped.'),
  filled('tasks-dead', 'TaskDeadLetterQueue', 'A consumer took a message five times and never finished it.'),
  {
    page: 'tasks-unread',
    says: 'A message has been on the task queue for two days; after 14 SQS deletes it.',
    metric: inQueue('TaskQueue', 'ApproximateAgeOfOldestMessage'),
    when: { statistic: 'Maximum', above: 2 * DAY, period: HOUR },
  },
  refused('scheduled-export', inFunction('ScheduledExportLambdaFunction', 'DestinationDeliveryFailures')),
  refused('alert-export', inFunction('AlertExportLambdaFunction', 'DestinationDeliveryFailures')),
  refused('schedules', delivery('ScheduleGroup', 'InvocationsFailedToBeSentToDeadLetterCount')),
  ...rules.map((rule) => refused(rule, ofRule(rule, 'InvocationsFailedToBeSentToDlq'))),
];

// An attempt that fails is repeated after one minute and after two. However these fall into quarters of an hour, a run
// that failed permanently fills one of them with two, and a run whose repetition succeeds does not.
function failing(page: string, functionName: string, says: string): Alarm {
  const metric = inFunction(functionName, 'Errors');
  return { page, says, metric, when: { statistic: 'Sum', atLeast: 2, period: 15 * MINUTE } };
}

function filled(page: string, queue: string, says: string): Alarm {
  const metric = inQueue(queue, 'ApproximateNumberOfMessagesVisible');
  return { page, says, metric, when: { statistic: 'Maximum', atLeast: 1, period: 5 * MINUTE } };
}

// Events that were neither delivered nor put into a dead-letter queue. One alarm each, and no sum: what CloudWatch makes of
// a sum of which most parts have never been written is not documented.
function refused(from: string, metric: Metric): Alarm {
  const page = 'dead-letters-refused';
  const says = 'AWS could not put what failed into its queue; it is reported here and nowhere else.';
  return {
    page,
    name: `${page}-${from}`,
    says,
    metric,
    when: { statistic: 'Sum', atLeast: 1, period: 5 * MINUTE },
  };
}
