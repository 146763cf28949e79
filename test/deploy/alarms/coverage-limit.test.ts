import { expect, it } from 'vitest';
import { coverageLimitSeconds } from '../../../lib/deploy/alarms/coverage-limit.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';

const HOUR = 3_600;
const limit = (settings: Record<string, unknown> = {}) =>
  coverageLimitSeconds(targetAt('http://127.0.0.1:9', settings));

it.each([
  ['nightly at 00:35, until 00:35 of the next day', { schedule: 'cron(35 0 * * ? *)' }, 24.5 + 5 / 60],
  ['nightly at 06:00, until 06:00', { schedule: 'cron(0 6 * * ? *)' }, 30],
  ['a run as soon as the window is due', { schedule: 'cron(30 0 * * ? *)' }, 24.5],
  ['hourly windows and runs', { schedule: 'cron(35 * * * ? *)', window: { every: 'PT1H' } }, 1 + 35 / 60],
  [
    'hourly windows, nightly runs',
    { schedule: 'cron(35 0 * * ? *)', window: { every: 'PT1H' } },
    24 + 35 / 60,
  ],
  ['weekly', { schedule: 'cron(35 0 ? * MON *)' }, 7 * 24 + 35 / 60],
  ['a rate, which may fall anywhere', { schedule: 'rate(6 hours)', window: { every: 'PT1H' } }, 6 + 1.5],
  ['no run ever', { schedule: 'cron(0 0 1 1 ? 2025)' }, 24.5],
  ['every minute', { schedule: 'cron(* * * * ? *)' }, 24.5],
  [
    'nightly in a zone where a day has 25 hours once',
    {
      schedule: 'cron(35 4 * * ? *)',
      schedule_time_zone: 'Europe/Berlin',
      window: { time_zone: 'Europe/Berlin' },
    },
    25 + 4 + 35 / 60,
  ],
])('is two hours above the oldest that coverage gets: %s', (_, settings, hours) => {
  expect(limit(settings)).toBeCloseTo((hours + 2) * HOUR, 3);
});
