const HOUR = 3_600;
const GAUGE = { Statistic: 'Maximum', ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 1 };
const COUNT = { ...GAUGE, Statistic: 'Sum' };
const ONCE = { Period: HOUR, EvaluationPeriods: 1, DatapointsToAlarm: 1, TreatMissingData: 'notBreaching' };
const TWICE = { ...ONCE, EvaluationPeriods: 2, DatapointsToAlarm: 2 };
const THREE_OF_FOUR = { ...ONCE, EvaluationPeriods: 4, DatapointsToAlarm: 3 };

/**
 * The exact limits of the alarms of a target that is exported nightly at 00:35, by the last part of their names. All
 * look at hours, in each of which four sweeps write every figure.
 */
export const TARGET_LIMITS: Record<string, { metric: string; unit: string; limit: object; why: string }> = {
  'coverage-stale': {
    metric: 'CoverageAgeSeconds',
    unit: 'Seconds',
    limit: {
      ...TWICE,
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 95_700,
      TreatMissingData: 'breaching',
    },
    why: '26 h 35 min: a day, 35 minutes to the run, two hours until it is confirmed; no figure is as bad as a bad one',
  },
  'windows-lost': {
    metric: 'WindowsLost',
    unit: 'Count',
    limit: { ...ONCE, ...COUNT },
    why: 'every loss is told, the first one too',
  },
  'windows-at-risk': {
    metric: 'WindowsAtRisk',
    unit: 'Count',
    limit: { ...ONCE, ...GAUGE },
    why: 'it is lost at the next run',
  },
  'retention-running-out': {
    metric: 'RetentionHoursLeft',
    unit: 'None',
    limit: { ...ONCE, Statistic: 'Minimum', ComparisonOperator: 'LessThanThreshold', Threshold: 240 },
    why: 'in hours: ten of the 30 days are left, so that people who are away for a week still have time',
  },
  'windows-unconfirmed': {
    metric: 'WindowsLongUnconfirmed',
    unit: 'Count',
    limit: { ...TWICE, ...GAUGE, Statistic: 'Minimum' },
    why: 'every sweep of two hours found some: a list that Huawei did not answer once is no news',
  },
  'windows-failed': {
    metric: 'WindowsFailed',
    unit: 'Count',
    limit: { ...THREE_OF_FOUR, ...COUNT },
    why: 'the next sweep makes one failure good, and may lie in the next hour; three hours are not made good',
  },
  'calls-throttled': {
    metric: 'ThrottledCalls',
    unit: 'Count',
    limit: { ...THREE_OF_FOUR, ...COUNT, Threshold: 10 },
    why: 'some 429 are everyday; ten an hour, and again, are somebody who uses up the limit',
  },
};
