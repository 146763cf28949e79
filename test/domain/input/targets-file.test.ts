import { describe, expect, it } from 'vitest';
import { InputError } from '../../../lib/domain/errors.ts';
import { readTargets } from '../../../lib/domain/input/targets-file.ts';
import { issueText } from '../../../lib/domain/issue.ts';

const REGIONS = ['ap-southeast-3', 'cn-north-4'];

const read = (document: unknown) => readTargets(document, { source: 'targets.yml', regions: REGIONS });

const least = { id: 'acme-prod', region: 'ap-southeast-3', credential: 'huawei/acme-prod' };

function issuesOf(document: unknown): Record<string, string> {
  try {
    read(document);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return Object.fromEntries(error.issues.map((issue) => [issue.path, issueText(issue)]));
  }
  throw new Error('The document was accepted.');
}

describe('a targets file', () => {
  it('needs no more than id, region and credential; the rest has defaults', () => {
    const [target] = read({ targets: [least] });
    expect(target).toMatchObject({
      id: 'acme-prod',
      schedule: 'cron(35 0 * * ? *)',
      scheduleTimeZone: 'UTC',
      window: { every: { unit: 'day' }, timeZone: 'UTC' },
      maxAttempts: 5,
      maxAlertExports: 12,
      filters: {},
      apiTime: { format: 'iso8601', timeZone: 'UTC' },
      endpoints: {},
      enabled: true,
    });
    expect(target?.window.delay.toString()).toBe('PT30M');
    expect(target?.window.overlap.toString()).toBe('PT0S');
    expect(target).not.toHaveProperty('projectId');
    expect(target).not.toHaveProperty('startAt');
  });

  it('keeps everything that it says', () => {
    const [target] = read({
      targets: [
        {
          ...least,
          project_id: '2b31ed520aaaaaaebedb6e57aaaaaaaa',
          schedule: 'rate(1 hour)',
          window: { every: 'PT1H', time_zone: 'Asia/Singapore', delay: 'PT1H30M', overlap: 'PT5M' },
          start_at: '2026-11-01T00:00:00+08:00',
          max_attempts: 20,
          max_alert_exports: 60,
          filters: { user_name: 'someone', public_ip: '203.0.113.7' },
          api_time: { format: 'blank', time_zone: 'Asia/Shanghai' },
          endpoints: { export: 'https://appstream.example.com/', iam: 'http://127.0.0.1:8095' },
          enabled: false,
        },
      ],
    });
    expect(target).toMatchObject({
      projectId: '2b31ed520aaaaaaebedb6e57aaaaaaaa',
      schedule: 'rate(1 hour)',
      maxAttempts: 20,
      maxAlertExports: 60,
      filters: { user_name: 'someone', public_ip: '203.0.113.7' },
      apiTime: { format: 'blank', timeZone: 'Asia/Shanghai' },
      endpoints: { export: 'https://appstream.example.com', iam: 'http://127.0.0.1:8095' },
      enabled: false,
    });
    expect(target?.startAt?.toString()).toBe('2026-10-31T16:00:00Z');
  });

  it('with five issues gets one error that lists five, each with its path and what would be right', () => {
    const issues = issuesOf({
      targets: [
        { ...least, region: 'ap-southest-3', window: { every: 'PT5H' }, filters: { usr_name: 'x' } },
        { ...least, start_at: 'yesterday' },
      ],
    });
    expect(issues).toEqual({
      'targets[0].region': expect.stringContaining('did you mean "ap-southeast-3"?'),
      'targets[0].window.every': expect.stringContaining('must be P1D'),
      'targets[0].filters.usr_name': expect.stringContaining('did you mean "user_name"?'),
      'targets[1].start_at': expect.stringContaining('2026-11-23T00:35:00Z'),
      'targets[1].id': expect.stringContaining('must be unique'),
    });
  });

  it.each([
    ['targets[0].id', { id: '-Acme' }],
    ['targets[0].project_id', { project_id: 'a b' }],
    ['targets[0].credential', { credential: '' }],
    ['targets[0].schedule', { schedule: '0 35 * * *' }],
    ['targets[0].schedule', { schedule: 35 }],
    ['targets[0].schedule_time_zone', { schedule_time_zone: 'CEST?' }],
    ['targets[0].window.delay', { window: { delay: 'P1D' } }],
    ['targets[0].window.delay', { window: { delay: 'PT169H' } }],
    ['targets[0].window.overlap', { window: { overlap: '-PT5M' } }],
    ['targets[0].filters.user_name', { filters: { user_name: 'x'.repeat(256) } }],
    ['targets[0].filters.vm_ip', { filters: { vm_ip: 'x'.repeat(51) } }],
    ['targets[0].filters.connect_type', { filters: { connect_type: 2 } }],
    ['targets[0].filters.update_time', { filters: { update_time: '2022-03-07T10:40:43Z' } }],
    ['targets[0].filters.login_start_time', { filters: { login_start_time: '2022-03-07T10:40:43Z' } }],
    ['targets[0].api_time.time_zone', { api_time: { format: 'iso8601', time_zone: 'Asia/Shanghai' } }],
    ['targets[0].api_time.time_zone', { api_time: { format: 'blank', time_zone: 'Europe/Berlin' } }],
    ['targets[0].endpoints.iam', { endpoints: { iam: 'http://iam.example.com' } }],
    ['targets[0].endpoints.export', { endpoints: { export: 'https://host/path' } }],
    ['targets[0].endpoints.tasks', { endpoints: { tasks: 'https://user:secret@host' } }],
    ['targets[0].max_attempts', { max_attempts: 0 }],
    ['targets[0].max_attempts', { max_attempts: 21 }],
    ['targets[0].max_attempts', { max_attempts: 2.5 }],
    ['targets[0].max_attempts', { max_attempts: '5' }],
    ['targets[0].max_alert_exports', { max_alert_exports: 0 }],
    ['targets[0].max_alert_exports', { max_alert_exports: 61 }],
    ['targets[0].max_alert_exports', { max_alert_exports: '12' }],
    ['targets[0].max_attempts', { max_attempts: 1e9 }],
    ['targets[0].max_attempts', { max_attempts: -1 }],
    ['targets[0].max_attempts', { max_attempts: Number.NaN }],
    ['targets[0].start_at', { start_at: '9999-12-31T23:59:59Z' }],
    ['targets[0].start_at', { start_at: '2200-01-01T00:00:00Z' }],
    ['targets[0].start_at', { start_at: '0000-01-01T00:00:00+14:00' }],
    ['targets[0].start_at', { start_at: '2026-01-01' }],
    ['targets[0].start_at', { start_at: 0 }],
    ['targets[0].window.every', { window: { every: 'P0D' } }],
    ['targets[0].window.every', { window: { every: '-P1D' } }],
    ['targets[0].window.every', { window: { every: 'PT1H30M' } }],
    ['targets[0].window.every', { window: { every: 'PT0H' } }],
    ['targets[0].window.every', { window: { every: 'PT99999H' } }],
    ['targets[0].window.delay', { window: { delay: 'PT1.5H' } }],
    ['targets[0].window.delay', { window: { delay: 'PT' } }],
    ['targets[0].window.delay', { window: { delay: 30 } }],
    ['targets[0].window.delay', { window: { delay: 'PT99999H99999M99999S' } }],
    ['targets[0].enabled', { enabled: 'yes' }],
    ['targets[0].tme_zone', { tme_zone: 'UTC' }],
  ])('says at %s what is wrong', (path, settings) => {
    expect(Object.keys(issuesOf({ targets: [{ ...least, ...settings }] }))).toEqual([path]);
  });

  it.each([
    ['cron(61 0 * * ? *)', 'minutes of 0 to 59'],
    ['cron(35 0 ? * ? *)', '"?" as its day-of-month or as its day-of-week, and not as both'],
    ['cron(35 0 * * * *)', '"?" as its day-of-month or as its day-of-week, and not as both'],
    ['cron(35 0 ? * 8 *)', 'a day-of-week of 1 to 7 or SUN to SAT'],
    ['cron(35 0 * * ?)', 'cron(minutes hours day-of-month month day-of-week year)'],
    ['at(2026-11-20T00:00:00)', 'such as cron(35 0 * * ? *) or rate(1 hour)'],
    ['rate(0 hours)', 'such as cron(35 0 * * ? *) or rate(1 hour)'],
  ])('with the schedule %s is told what would be right', (schedule, right) => {
    const issues = issuesOf({ targets: [{ ...least, schedule }] });
    expect(issues).toEqual({ 'targets[0].schedule': expect.stringContaining(right) });
  });

  it.each([
    ['max_attempts', 20],
    ['max_alert_exports', 60],
  ])('says how large %s may be', (setting, most) => {
    const issues = issuesOf({ targets: [{ ...least, [setting]: 2.5 }] });
    expect(issues).toEqual({ [`targets[0].${setting}`]: `must be a whole number from 1 to ${most}` });
  });

  it.each(['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '2199-12-31T23:59:59Z'])(
    'may say that coverage begins at %s',
    (start_at) => {
      expect(String(read({ targets: [{ ...least, start_at }] })[0]?.startAt)).toBe(start_at);
    },
  );

  it('may name a region nobody knows when it brings all three endpoints', () => {
    const endpoints = { iam: 'https://a.example', export: 'https://b.example', tasks: 'https://c.example' };
    expect(read({ targets: [{ ...least, region: 'xx-new-1', endpoints }] })).toHaveLength(1);
    expect(
      issuesOf({ targets: [{ ...least, region: 'xx-new-1', endpoints: { iam: endpoints.iam } }] }),
    ).toHaveProperty('targets[0].region');
  });

  it.each([[null], ['text'], [[]], [{}], [{ targets: [] }]])('is not %j', (document) => {
    expect(() => read(document)).toThrow(InputError);
  });
});
