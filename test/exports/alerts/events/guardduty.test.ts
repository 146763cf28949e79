import { describe, expect, it } from 'vitest';
import { alertsOf, alertWith, changed } from '../../../support/alerts/sample-events.ts';

describe('a GuardDuty finding', () => {
  it.each([
    [0.5, 'informational'],
    [1, 'low'],
    [3.9, 'low'],
    [4, 'medium'],
    [6.9, 'medium'],
    [7, 'high'],
    [8.9, 'high'],
    [9, 'critical'],
    [10, 'critical'],
    [null, 'critical'],
    [undefined, 'critical'],
  ])('of severity %s is %s', (severity, expected) => {
    expect(alertWith('guardduty-iam-user', 'detail.severity', severity).severity).toBe(expected);
  });

  it('without an ARN is called by its id', () => {
    const { id } = alertWith('guardduty-iam-user', 'detail.arn', undefined);
    expect(id).toBe('16afba5c5c43e07c9e3e5e2e544e95df');
  });

  it('was found where it says, or else where the event comes from', () => {
    const elsewhere = changed('guardduty-iam-user', 'detail.accountId', '444455556666');
    expect(alertsOf(changed(elsewhere, 'detail.region', 'us-east-1'))).toMatchObject([
      { account: '444455556666', region: 'us-east-1' },
    ]);
    const silent = changed('guardduty-iam-user', 'detail.accountId', undefined);
    expect(alertsOf(changed(silent, 'detail.region', null))).toMatchObject([
      { account: '111122223333', region: 'eu-central-1' },
    ]);
  });

  it('that does not say when it was seen was seen from its making to its last change', () => {
    const { firstSeen, lastSeen } = alertWith('guardduty-iam-user', 'detail.service', undefined);
    expect([firstSeen, lastSeen]).toEqual(['2026-11-22T09:48:36.114Z', '2026-11-22T10:18:36.114Z']);
  });

  it('that was last seen before it was first seen is put in order', () => {
    const path = 'detail.service.eventFirstSeen';
    const { firstSeen, lastSeen } = alertWith('guardduty-iam-user', path, '2026-11-22T12:00:00Z');
    expect([firstSeen, lastSeen]).toEqual(['2026-11-22T10:04:55Z', '2026-11-22T12:00:00Z']);
  });

  it('with one time was seen then, and with none when the event was sent', () => {
    const timeless = changed(changed('guardduty-iam-user', 'detail.service', null), 'detail.updatedAt', null);
    const created = '2026-11-22T09:48:36.114Z';
    expect(alertsOf(timeless)).toMatchObject([{ firstSeen: created, lastSeen: created }]);
    const updated = '2026-11-22T10:18:36.114Z';
    const changedOnly = changed(changed(timeless, 'detail.createdAt', null), 'detail.updatedAt', updated);
    expect(alertsOf(changedOnly)).toMatchObject([{ firstSeen: updated, lastSeen: updated }]);
    const sent = '2026-11-22T10:20:04Z';
    expect(alertsOf(changed(timeless, 'detail.createdAt', undefined))).toMatchObject([
      { firstSeen: sent, lastSeen: sent },
    ]);
  });

  it.each(['AssumedRole', 'Role', 'Root', 'AWSService', 'AWSAccount'])(
    'about a key of a %s names no user, because its name is not of the person',
    (kind) => {
      const { named } = alertWith('guardduty-iam-user', 'detail.resource.accessKeyDetails.userType', kind);
      expect(named).toEqual({ public_ip: ['198.51.100.7'] });
    },
  );

  it.each(['IAMUser', 'FederatedUser', undefined])('about a key of a %s names the user', (kind) => {
    const { named } = alertWith('guardduty-iam-user', 'detail.resource.accessKeyDetails.userType', kind);
    expect(named.user_name).toEqual(['li.wei']);
  });

  it('about a connection that went out names no address, because nobody logged in from there', () => {
    const path = 'detail.service.action.networkConnectionAction.connectionDirection';
    const { named } = alertWith('guardduty-ssh-brute-force', path, 'OUTBOUND');
    expect(named).toEqual({ machine_name: ['bastion-01'] });
  });

  it('about Kubernetes names who called, unless that was Kubernetes', () => {
    const action = { kubernetesApiCallAction: { remoteIpDetails: { ipAddressV6: '2001:db8::7' } } };
    const called = changed('guardduty-rds-login', 'detail.service.action', action);
    const named = (username: string) =>
      alertsOf(
        changed(called, 'detail.resource', { kubernetesDetails: { kubernetesUserDetails: { username } } }),
      )[0]?.named;
    expect(named('li.wei')).toEqual({ public_ip: ['2001:db8::7'], user_name: ['li.wei'] });
    expect(named('system:anonymous')).toEqual({ public_ip: ['2001:db8::7'] });
  });

  it.each([null, 7, 'x', [], [null], [{ key: 'Name' }], [{ key: 'Name', value: 5 }], [{ value: 'bastion' }]])(
    'with %j for tags is an alert that names no machine',
    (tags) => {
      const { named } = alertWith('guardduty-ssh-brute-force', 'detail.resource.instanceDetails.tags', tags);
      expect(named).toEqual({ public_ip: ['203.0.113.45'] });
    },
  );

  it.each([
    ['service.archived', true, 'archived'],
    ['service.archived', false, undefined],
    ['service.archived', 'true', undefined],
    ['service.additionalInfo', { sample: true }, 'sample'],
    [
      'service.additionalInfo',
      { value: '{"threatListName":"x", "sample" : true}', type: 'default' },
      'sample',
    ],
    ['service.additionalInfo', { value: '{"sample":false}' }, undefined],
    ['service.additionalInfo', { value: { toString: 1 } }, undefined],
    ['title', '[SAMPLE] API ListBuckets was invoked', 'sample'],
    ['title', 'About [SAMPLE]', undefined],
  ])('with %s %j is inactive: %s', (path, value, inactive) => {
    const alert = alertWith('guardduty-iam-user', `detail.${path}`, value);
    expect(alert.inactive).toBe(inactive);
    expect(alert).not.toHaveProperty('isPosture');
  });

  it('that is a sample is a sample, archived or not', () => {
    const archived = changed('guardduty-iam-user', 'detail.service.archived', true);
    expect(alertsOf(changed(archived, 'detail.title', '[SAMPLE] A'))[0]?.inactive).toBe('sample');
  });
});
