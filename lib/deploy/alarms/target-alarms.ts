import type { Target } from '../../domain/input/target.ts';
import { type Alarm, ours } from './alarm.ts';
import { coverageLimitSeconds } from './coverage-limit.ts';

const HOUR = 3_600;

/** What is watched of each target: metrics of our own, which every run and every sweep write. */
export const targetAlarms = (target: Target): Alarm[] => [
  {
    page: 'coverage-stale',
    says: 'No run has reported how far the target is covered, or coverage is older than it ever is while all is well.',
    metric: ours(target.id, 'CoverageAgeSeconds', 'Seconds'),
    // An hour without a figure is as bad as a bad figure: this is the dead man's switch.
    when: {
      statistic: 'Maximum',
      above: coverageLimitSeconds(target),
      period: HOUR,
      of: 2,
      missing: 'breaching',
    },
  },
  {
    page: 'windows-lost',
    says: 'Login records of the target can no longer be exported; their time is recorded as lost.',
    metric: ours(target.id, 'WindowsLost', 'Count'),
    when: { statistic: 'Sum', atLeast: 1, period: HOUR },
  },
  {
    page: 'windows-at-risk',
    says: 'Login records of the target will be lost unless they are exported before its next run.',
    metric: ours(target.id, 'WindowsAtRisk', 'Count'),
    when: { statistic: 'Maximum', atLeast: 1, period: HOUR },
  },
  {
    page: 'retention-running-out',
    says: 'A gap in the coverage of the target is more than 20 days old; its records are lost after 30.',
    metric: ours(target.id, 'RetentionHoursLeft', 'None'),
    when: { statistic: 'Minimum', below: 240, period: HOUR },
  },
  {
    page: 'windows-unconfirmed',
    says: 'For more than a day it has been unknown whether export tasks of the target succeeded.',
    metric: ours(target.id, 'WindowsLongUnconfirmed', 'Count'),
    // The least of an hour, so that every run and sweep in it found such windows.
    when: { statistic: 'Minimum', atLeast: 1, period: HOUR, of: 2 },
  },
  {
    page: 'windows-failed',
    says: 'Exports of the target have failed for more than an hour.',
    metric: ours(target.id, 'WindowsFailed', 'Count'),
    // Two sweeps that follow each other may lie in two hours; failures in three of them lasted for more than one.
    when: { statistic: 'Sum', atLeast: 1, period: HOUR, times: 3, of: 4 },
  },
  {
    page: 'calls-throttled',
    says: 'Huawei Cloud keeps telling the target to call less often.',
    metric: ours(target.id, 'ThrottledCalls', 'Count'),
    when: { statistic: 'Sum', atLeast: 10, period: HOUR, times: 3, of: 4 },
  },
];
