import { describe, expect, it } from 'vitest';
import { alertWith } from '../../support/sample-events.ts';

/** The first finding of the fixture, changed. */
const first = (path: string, value: unknown) =>
  alertWith('securityhub-asff', `detail.findings.0.${path}`, value);

describe('a finding in the AWS Security Finding Format', () => {
  it.each([
    [{ Label: 'INFORMATIONAL' }, 'informational'],
    [{ Label: 'LOW', Normalized: 90 }, 'low'],
    [{ Label: 'MEDIUM' }, 'medium'],
    [{ Label: 'HIGH' }, 'high'],
    [{ Label: 'CRITICAL' }, 'critical'],
    [{ Normalized: 0 }, 'informational'],
    [{ Normalized: 1 }, 'low'],
    [{ Normalized: 39 }, 'low'],
    [{ Normalized: 40 }, 'medium'],
    [{ Normalized: 69 }, 'medium'],
    [{ Normalized: 70 }, 'high'],
    [{ Normalized: 89 }, 'high'],
    [{ Normalized: 90 }, 'critical'],
    [{ Normalized: 100 }, 'critical'],
    [{ Label: 'SEVERE' }, 'critical'],
    [{}, 'critical'],
    [undefined, 'critical'],
  ])('of severity %j is %s', (severity, expected) => {
    expect(first('Severity', severity).severity).toBe(expected);
  });

  it('with no type goes by what generated it', () => {
    expect(first('Types', []).types).toEqual([
      'arn:aws:guardduty:eu-central-1:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0',
    ]);
  });

  it('that says no account and no region has those of the event', () => {
    expect(first('AwsAccountId', undefined).account).toBe('111122223333');
    expect(first('Region', undefined).region).toBe('eu-central-1');
  });

  it.each([
    ['2026-11-22T17:10:25+08:00', '2026-11-22T09:10:25Z'],
    ['2026-11-22T17:10:25+0800', '2026-11-22T09:10:25Z'],
    ['2026-11-22T04:10:25.123456789-0500', '2026-11-22T09:10:25.123456789Z'],
  ])('first seen at %s was first seen at %s', (written, expected) => {
    expect(first('FirstObservedAt', written).firstSeen).toBe(expected);
  });

  it('about a key of a role names no user', () => {
    const details = { AwsIamAccessKey: { PrincipalName: 'deployer', PrincipalType: 'AssumedRole' } };
    expect(first('Resources.0.Details', details).named).toEqual({ public_ip: ['198.51.100.7'] });
  });

  it('about a key in the older words names its user', () => {
    const details = { AwsIamAccessKey: { UserName: 'zhang.min' } };
    expect(first('Resources.0.Details', details).named.user_name).toEqual(['zhang.min']);
  });

  it('names every address that probed', () => {
    const probed = (address: string) => ({ RemoteIpDetails: { IpAddressV4: address } });
    const PortProbeDetails = [probed('203.0.113.1'), probed('203.0.113.2'), null];
    const { named } = first('Action', { PortProbeAction: { PortProbeDetails } });
    expect(named.public_ip).toEqual(['203.0.113.1', '203.0.113.2']);
  });

  it.each([
    { Action: { NetworkConnectionAction: connection('OUTBOUND') }, expected: undefined },
    { Action: { NetworkConnectionAction: connection('OUT') }, expected: undefined },
    { Action: { NetworkConnectionAction: connection('INBOUND') }, expected: ['203.0.113.9'] },
    { Action: { NetworkConnectionAction: connection(undefined) }, expected: ['203.0.113.9'] },
  ])('about a connection names where it came from, not where it went to: %j', ({ Action, expected }) => {
    expect(first('Action', Action).named.public_ip).toEqual(expected);
  });

  it('about traffic that went out does not name our own address as the source', () => {
    const network = { Direction: 'OUT', SourceIpV4: '203.0.113.80' };
    expect(first('Network', network).named.public_ip).toEqual(['198.51.100.7']);
  });

  it('about something else than an instance names no machine by its tags', () => {
    const bucket = [{ Type: 'AwsS3Bucket', Id: 'arn:aws:s3:::reports', Tags: { Name: 'reports' } }];
    expect(first('Resources', bucket).named).toEqual({ public_ip: ['198.51.100.7'] });
  });
});

function connection(direction: string | undefined) {
  return { ConnectionDirection: direction, RemoteIpDetails: { IpAddressV4: '203.0.113.9' } };
}
