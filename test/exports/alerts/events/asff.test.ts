import { describe, expect, it } from 'vitest';
import { alertWith } from '../../../support/alerts/sample-events.ts';

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

  it.each([
    ['RecordState', 'ARCHIVED', 'archived'],
    ['RecordState', 'ACTIVE', undefined],
    ['Workflow', { Status: 'RESOLVED' }, 'resolved'],
    ['Workflow', { Status: 'SUPPRESSED' }, 'suppressed'],
    ['Workflow', { Status: 'NOTIFIED' }, undefined],
    ['Workflow', 'RESOLVED', undefined],
    ['Sample', true, 'sample'],
    ['Sample', false, undefined],
    ['ProductFields', { 'aws/guardduty/service/additionalInfo/sample': 'true' }, 'sample'],
    ['Title', '[SAMPLE] API ListBuckets was invoked', 'sample'],
  ])('with %s %j is inactive: %s', (path, value, inactive) => {
    expect(first(path, value).inactive).toBe(inactive);
  });

  it.each([
    ['Types', ['Software and Configuration Checks/Vulnerabilities/CVE'], true],
    ['Types', ['Software and Configuration Checks'], true],
    ['Types', ['Software and Configuration Checks/AWS Security Best Practices', 'TTPs/Discovery'], undefined],
    ['Types', ['Software and Configuration Checksums'], undefined],
    ['Types', ['Effects/Data Exposure'], undefined],
    ['Compliance', { Status: 'FAILED' }, true],
    ['Compliance', null, undefined],
    ['Vulnerabilities', [{ Id: 'CVE-2026-1' }], true],
    ['Vulnerabilities', [], undefined],
  ])('with %s %j is about posture: %s', (path, value, isPosture) => {
    expect(first(path, value).isPosture).toBe(isPosture);
  });

  it('has at most 50 types, and of each what a rule may go by', () => {
    const many = Array.from({ length: 60 }, (_, index) => `TTPs/${index}`);
    expect(first('Types', many).types).toEqual(many.slice(0, 50));
    expect(first('Types', ['TTPs/'.padEnd(10_000, 'x')]).types).toEqual(['TTPs/'.padEnd(256, 'x')]);
    expect(first('Types', ['\u0007'.repeat(300)]).types).toEqual(['\\u0007'.repeat(43).slice(0, 256)]);
    expect(first('Types', [' TTPs/\u001b[2J\nx ']).types).toEqual(['TTPs/\\u001b[2J x']);
  });
});

function connection(direction: string | undefined) {
  return { ConnectionDirection: direction, RemoteIpDetails: { IpAddressV4: '203.0.113.9' } };
}
