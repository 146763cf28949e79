import { describe, expect, it } from 'vitest';
import { alertsOf, alertWith, changed, fixture } from '../../../support/alerts/sample-events.ts';

const withFinding = (path: string, value: unknown) =>
  alertWith('securityhub-ocsf', `detail.findings.0.${path}`, value);

describe('an OCSF finding', () => {
  it.each([
    [0, 'critical'],
    [1, 'informational'],
    [2, 'low'],
    [3, 'medium'],
    [4, 'high'],
    [5, 'critical'],
    [6, 'critical'],
    [99, 'critical'],
    [undefined, 'critical'],
  ])('of severity %s is %s', (severity, expected) => {
    expect(withFinding('severity_id', severity).severity).toBe(expected);
  });

  it('may write its times as text only', () => {
    const { finding_info: info, ...finding } = fixture('securityhub-ocsf').detail.findings[0];
    const texts = Object.entries(info).filter(([key]) => !key.endsWith('_time'));
    const worded = { ...finding, finding_info: Object.fromEntries(texts) };
    expect(alertsOf(changed('securityhub-ocsf', 'detail', worded))).toMatchObject([
      { firstSeen: '2026-11-22T10:52:00Z', lastSeen: '2026-11-22T11:08:31Z' },
    ]);
  });

  it('that does not say when it was seen was seen from its making to its last change', () => {
    const { uid, created_time, modified_time_dt } =
      fixture('securityhub-ocsf').detail.findings[0].finding_info;
    const info = { uid, title: 'A finding', created_time, modified_time_dt };
    expect(withFinding('finding_info', info)).toMatchObject({
      firstSeen: '2026-11-22T11:01:17.503Z',
      lastSeen: '2026-11-22T11:13:40.918Z',
    });
  });

  it('that says nothing of when was seen when it was written', () => {
    const time = '2026-11-22T11:13:40.918Z';
    const info = { uid: 'finding-1', title: 'A finding' };
    expect(withFinding('finding_info', info)).toMatchObject({ firstSeen: time, lastSeen: time });
  });

  it('with no type goes by its title', () => {
    expect(withFinding('finding_info', { uid: 'finding-1', title: 'Many logins' }).types).toEqual([
      'Many logins',
    ]);
  });

  it('of no cloud has the account and the region of the event', () => {
    expect(withFinding('cloud', undefined)).toMatchObject({
      account: '111122223333',
      region: 'eu-central-1',
    });
  });

  it.each([
    ['user', { user: { name: 'li.wei' } }, ['li.wei']],
    ['data of a user', { data: { user_name: 'li.wei', user_type: 'IAMUser' } }, ['li.wei']],
    ['data of a role', { data: { user_name: 'automation', user_type: 'AssumedRole' } }, undefined],
  ])('about an access key names its owner by its %s', (_, owner, expected) => {
    const finding = { ...fixture('securityhub-ocsf').detail.findings[0], evidences: [] };
    const resources = [
      { type: 'AWS::IAM::AccessKey', name: 'automation', uid: 'AKIAIOSFODNN7EXAMPLE', ...owner },
    ];
    const [alert] = alertsOf(changed('securityhub-ocsf', 'detail.findings', [{ ...finding, resources }]));
    expect(alert?.named.user_name).toEqual(expected);
  });

  it('about a user names the user', () => {
    const resources = [{ type: 'AWS::IAM::User', name: 'li.wei' }];
    expect(withFinding('resources', resources).named.user_name).toEqual(['zhang.min', 'li.wei']);
  });

  it('about an instance names it by its tag', () => {
    const resources = [
      { type: 'AWS::EC2::Instance', name: 'i-0fedcba9876543210', tags: [{ name: 'Name', value: 'gate' }] },
    ];
    expect(withFinding('resources', resources).named.machine_name).toEqual(['workspace-gateway-01', 'gate']);
  });

  it('about a connection that went out does not name our own address', () => {
    const evidences = [{ connection_info: { direction_id: 2 }, src_endpoint: { ip: '203.0.113.80' } }];
    expect(withFinding('evidences', evidences).named).toEqual({ machine_name: ['workspace-gateway-01'] });
  });

  it.each([
    ['status_id', 1, undefined],
    ['status_id', 2, undefined],
    ['status_id', 3, 'suppressed'],
    ['status_id', 4, 'resolved'],
    ['status_id', 5, 'archived'],
    ['status_id', 6, 'deleted'],
    ['status_id', 99, undefined],
    ['status_id', '4', undefined],
    ['finding_info.title', '[SAMPLE] Many logins', 'sample'],
  ])('with %s %j is inactive: %s', (path, value, inactive) => {
    expect(withFinding(path, value).inactive).toBe(inactive);
  });

  it.each([
    ['class_uid', 2002, true],
    ['class_uid', 2003, true],
    ['class_uid', 2004, undefined],
    ['class_uid', 2006, undefined],
    ['class_uid', 2007, true],
    ['class_uid', 2008, true],
    ['finding_info.types', ['Software and Configuration Checks/Industry and Regulatory Standards'], true],
  ])('with %s %j is about posture: %s', (path, value, isPosture) => {
    expect(withFinding(path, value).isPosture).toBe(isPosture);
  });
});
