import * as z from 'zod/mini';
import { SEVERITIES, type Severity } from '../../domain/alert.ts';
import { findingId, findingTime, type Reported, text } from './event-envelope.ts';
import { type Bands, gradedSeverity } from './graded-severity.ts';
import { loginNames, namedValues } from './named-values.ts';
import { seenBetween } from './seen-between.ts';
import { objectsWith, valuesAt } from './values-at.ts';

/** Source: Security Hub API reference, Severity, Label. */
const BANDS: Bands = { low: 1, medium: 40, high: 70, critical: 90 };

const severity = z.looseObject({ Label: z.nullish(z.string()), Normalized: z.nullish(z.number()) });

/**
 * A finding of a `Security Hub Findings - Imported`, in the AWS Security Finding Format. Its Id is what its product calls
 * it: of a GuardDuty finding the ARN.
 * Source: Security Hub user guide, ASFF syntax; Security Hub API reference, AwsSecurityFinding.
 */
export const asffFinding = z.pipe(
  z.looseObject({
    Id: findingId,
    GeneratorId: z.nullish(text),
    Types: z.nullish(z.array(text)),
    Severity: z.nullish(severity),
    AwsAccountId: z.nullish(text),
    Region: z.nullish(text),
    FirstObservedAt: z.nullish(findingTime),
    LastObservedAt: z.nullish(findingTime),
    CreatedAt: z.nullish(findingTime),
    UpdatedAt: z.nullish(findingTime),
  }),
  z.transform((finding): Reported => {
    const first = [finding.FirstObservedAt, finding.CreatedAt];
    const last = [finding.LastObservedAt, finding.UpdatedAt];
    const types = finding.Types ?? [];
    return ({ source, account, region, time }) => ({
      id: finding.Id,
      source,
      types: types.length > 0 ? types : [finding.GeneratorId ?? 'Security Hub Findings - Imported'],
      severity: severityOf(finding.Severity),
      account: finding.AwsAccountId ?? account,
      region: finding.Region ?? region,
      ...seenBetween({ first, last }, time),
      named: namedValues({
        public_ip: [...networkSources(finding), ...remoteAddresses(finding)],
        user_name: userNames(finding),
        machine_name: resourcesOf(finding, 'AwsEc2Instance').flatMap((found) => valuesAt(found, 'Tags.Name')),
      }),
    });
  }),
);

function severityOf(given: z.output<typeof severity> | null | undefined): Severity {
  const label = given?.Label?.toLowerCase();
  return SEVERITIES.find((known) => known === label) ?? gradedSeverity(given?.Normalized, BANDS);
}

// Of a connection that went out, the source is ours; where it went to is not where anybody logged in from.
function networkSources(finding: unknown): unknown[] {
  return valuesAt(finding, 'Network')
    .filter((network) => valuesAt(network, 'Direction')[0] !== 'OUT')
    .flatMap((network) => [...valuesAt(network, 'SourceIpV4'), ...valuesAt(network, 'SourceIpV6')]);
}

function remoteAddresses(finding: unknown): unknown[] {
  const connections = valuesAt(finding, 'Action.NetworkConnectionAction').filter(
    (connection) => !/^out/i.test(String(valuesAt(connection, 'ConnectionDirection')[0])),
  );
  return [
    ...valuesAt(finding, 'Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4'),
    ...connections.flatMap((connection) => valuesAt(connection, 'RemoteIpDetails.IpAddressV4')),
    ...valuesAt(finding, 'Action.PortProbeAction.PortProbeDetails[].RemoteIpDetails.IpAddressV4'),
  ];
}

function userNames(finding: unknown): unknown[] {
  const keyOwners = resourcesOf(finding, 'AwsIamAccessKey').flatMap((resource) =>
    valuesAt(resource, 'Details.AwsIamAccessKey').flatMap((details) => {
      const names = [...valuesAt(details, 'PrincipalName'), ...valuesAt(details, 'UserName')];
      return names.map((name) => ({ name, kind: valuesAt(details, 'PrincipalType')[0] }));
    }),
  );
  const users = resourcesOf(finding, 'AwsIamUser');
  return [
    ...loginNames(keyOwners),
    ...users.flatMap((resource) => valuesAt(resource, 'Details.AwsIamUser.UserName')),
  ];
}

function resourcesOf(finding: unknown, type: string): unknown[] {
  return objectsWith(finding, 'Resources[]', { key: 'Type', accepted: [type] });
}
