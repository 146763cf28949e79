import * as z from 'zod/mini';
import type { Inactive } from '../../../domain/alerts/alert.ts';
import { type Bands, gradedSeverity, SEVERITIES, type Severity } from '../../../domain/alerts/severity.ts';
import { activityPeriod } from './activity-period.ts';
import { alertTypes, findingId, findingTime, type ReportedFinding, text, typeText } from './envelope.ts';
import { isTextAt, objectsWith, valuesAt } from './fields.ts';
import { arePostureTypes, findingState, SAMPLE_TITLE } from './finding-state.ts';
import { loginNames, namedValues } from './named-values.ts';

/** Source: Security Hub API reference, Severity, Label. */
const BANDS: Bands = { low: 1, medium: 40, high: 70, critical: 90 };

const severity = z.looseObject({ Label: z.nullish(z.string()), Normalized: z.nullish(z.number()) });

/**
 * A finding of a `Security Hub Findings - Imported` or `… - Custom Action`, in the AWS Security Finding Format. Its Id is
 * the product's own id: for a GuardDuty finding the ARN.
 * Source: Security Hub user guide, ASFF syntax; Security Hub API reference, AwsSecurityFinding.
 */
export const asffFinding = z.pipe(
  z.looseObject({
    Id: findingId,
    GeneratorId: z.nullish(typeText),
    Types: z.nullish(z.array(typeText)),
    Severity: z.nullish(severity),
    AwsAccountId: z.nullish(text),
    Region: z.nullish(text),
    FirstObservedAt: z.nullish(findingTime),
    LastObservedAt: z.nullish(findingTime),
    CreatedAt: z.nullish(findingTime),
    UpdatedAt: z.nullish(findingTime),
  }),
  z.transform((finding): ReportedFinding => {
    const first = [finding.FirstObservedAt, finding.CreatedAt];
    const last = [finding.LastObservedAt, finding.UpdatedAt];
    return ({ source, account, region, ...times }) => {
      const seen = activityPeriod({ first, last }, times);
      if (!seen) return undefined;
      return {
        id: finding.Id,
        source,
        types: alertTypes(finding.Types, finding.GeneratorId ?? 'Security Hub Findings - Imported'),
        severity: severityOf(finding.Severity),
        account: finding.AwsAccountId ?? account,
        region: finding.Region ?? region,
        ...seen,
        ...stateOf(finding, finding.Types),
        named: namedValues({
          public_ip: [...networkSources(finding), ...remoteAddresses(finding)],
          user_name: userNames(finding),
          machine_name: resourcesOf(finding, 'AwsEc2Instance').flatMap((found) =>
            valuesAt(found, 'Tags.Name'),
          ),
        }),
      };
    };
  }),
);

function severityOf(given: z.output<typeof severity> | null | undefined): Severity {
  const label = given?.Label?.toLowerCase();
  return SEVERITIES.find((known) => known === label) ?? gradedSeverity(given?.Normalized, BANDS);
}

const GUARDDUTY_SAMPLE = 'ProductFields.aws/guardduty/service/additionalInfo/sample';

// A finding of a security standard has `Compliance`, one of Inspector has `Vulnerabilities`. The status NOTIFIED does not
// end a finding: it says that somebody was notified.
function stateOf(finding: unknown, types: readonly string[] | null | undefined) {
  const [workflow] = valuesAt(finding, 'Workflow.Status');
  const isArchived = valuesAt(finding, 'RecordState')[0] === 'ARCHIVED';
  return findingState({
    isSample:
      valuesAt(finding, 'Sample')[0] === true ||
      valuesAt(finding, GUARDDUTY_SAMPLE)[0] === 'true' ||
      isTextAt(finding, 'Title', SAMPLE_TITLE),
    inactive: isArchived ? 'archived' : ENDED.get(workflow),
    isPosture:
      arePostureTypes(types) ||
      valuesAt(finding, 'Compliance').some(isObject) ||
      valuesAt(finding, 'Vulnerabilities[]').length > 0,
  });
}

const ENDED = new Map<unknown, Inactive>([
  ['RESOLVED', 'resolved'],
  ['SUPPRESSED', 'suppressed'],
]);

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

// For an outbound connection the source is our own machine, and nobody logged in from the destination.
function networkSources(finding: unknown): unknown[] {
  return valuesAt(finding, 'Network')
    .filter((network) => valuesAt(network, 'Direction')[0] !== 'OUT')
    .flatMap((network) => [...valuesAt(network, 'SourceIpV4'), ...valuesAt(network, 'SourceIpV6')]);
}

function remoteAddresses(finding: unknown): unknown[] {
  const connections = valuesAt(finding, 'Action.NetworkConnectionAction').filter(
    (connection) => !isTextAt(connection, 'ConnectionDirection', /^out/i),
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
