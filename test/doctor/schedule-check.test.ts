import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { scheduleCheck } from '../../lib/doctor/settings-checks.ts';
import { targetAt } from '../support/huawei/start-huawei.ts';

const now = Temporal.Instant.from('2026-11-23T00:35:00Z');
const check = (settings: object) => scheduleCheck(targetAt('http://127.0.0.1:9', { ...settings }), now);

it.each([
  ['cron(35 0 * * ? *)', 'UTC', '2026-11-24T00:35:00Z'],
  ['cron(0 6 ? * MON-FRI *)', 'Asia/Shanghai', '2026-11-23T22:00:00Z'],
  ['rate(1 hour)', 'UTC', '2026-11-23T01:35:00Z'],
  ['cron(0 0 1,15 * ? *)', 'UTC', '2026-12-01T00:00:00Z'],
])('%s in %s fires next at a time that is told', (schedule, schedule_time_zone, next) => {
  expect(check({ schedule, schedule_time_zone })).toEqual({
    check: 'schedule',
    status: 'ok',
    message: `${schedule} fires next at ${next}.`,
  });
});

it.each(['cron(0 0 1 1 ? 2020)', 'cron(0 0 31 12 ? 2025)'])(
  '%s never fires, which is a failure',
  (schedule) => {
    expect(check({ schedule })).toEqual({
      check: 'schedule',
      status: 'failed',
      message: `${schedule} never fires again.`,
      fix: 'Write one that does, such as cron(35 0 * * ? *).',
    });
  },
);

it.each(['cron(0 0 1 * ? *)', 'cron(0 0 1 3 ? *)', 'rate(31 days)', 'cron(0 0 24 11 ? 2026-2028)'])(
  '%s loses records between two runs, which is a warning',
  (schedule) => {
    const { status, message, fix } = check({ schedule });
    expect(status).toBe('warning');
    expect(message).toContain('Huawei keeps login records for 30 days, so some are lost');
    expect(fix).toContain('every day');
  },
);
