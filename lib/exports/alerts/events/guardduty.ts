import * as z from 'zod/mini';
import { GUARDDUTY_BANDS, gradedSeverity } from '../../../domain/alerts/severity.ts';
import { activityPeriod } from './activity-period.ts';
import { findingId, findingTime, type ReportedFinding, text, typeText } from './envelope.ts';
import { isTextAt, valuesAt } from './fields.ts';
import { findingState, SAMPLE_TITLE } from './finding-state.ts';
import { loginNames, namedValues } from './named-values.ts';

/**
 * The detail of a `GuardDuty Finding`: the finding as the API gives it, with keys in lower camel case. The alert's id is the
 * finding's ARN, because Security Hub forwards the same finding under that id.
 * Source: GuardDuty API reference, Finding; GuardDuty user guide, Processing findings with EventBridge.
 */
export const guardDutyFinding = z.pipe(
  z.looseObject({
    id: findingId,
    arn: z.nullish(findingId),
    type: typeText,
    severity: z.nullish(z.number()),
    accountId: z.nullish(text),
    region: z.nullish(text),
    createdAt: z.nullish(findingTime),
    updatedAt: z.nullish(findingTime),
    service: z.nullish(
      z.looseObject({ eventFirstSeen: z.nullish(findingTime), eventLastSeen: z.nullish(findingTime) }),
    ),
  }),
  z.transform((finding): ReportedFinding => {
    const first = [finding.service?.eventFirstSeen, finding.createdAt];
    const last = [finding.service?.eventLastSeen, finding.updatedAt];
    return ({ source, account, region, ...times }) => {
      const seen = activityPeriod({ first, last }, times);
      if (!seen) return undefined;
      return {
        id: finding.arn ?? finding.id,
        source,
        types: [finding.type],
        severity: gradedSeverity(finding.severity, GUARDDUTY_BANDS),
        account: finding.accountId ?? account,
        region: finding.region ?? region,
        ...seen,
        ...stateOf(finding),
        named: namedValues({
          public_ip: remoteAddresses(finding),
          user_name: userNames(finding),
          machine_name: machineNames(finding),
        }),
      };
    };
  }),
);

// A sample is marked in its title, and in `additionalInfo`, whose value is a text of JSON.
function stateOf(finding: unknown) {
  const info = 'service.additionalInfo';
  const isArchived = valuesAt(finding, 'service.archived')[0] === true;
  return findingState({
    isSample:
      isTextAt(finding, 'title', SAMPLE_TITLE) ||
      valuesAt(finding, `${info}.sample`)[0] === true ||
      isTextAt(finding, `${info}.value`, /"sample"\s*:\s*true/),
    inactive: isArchived ? 'archived' : undefined,
  });
}

function remoteAddresses(finding: unknown): unknown[] {
  const remote = [
    ...valuesAt(finding, 'service.action.awsApiCallAction.remoteIpDetails'),
    ...valuesAt(finding, 'service.action.networkConnectionAction').filter(isIncoming).flatMap(remoteSide),
    ...valuesAt(finding, 'service.action.portProbeAction.portProbeDetails[].remoteIpDetails'),
    ...valuesAt(finding, 'service.action.rdsLoginAttemptAction.remoteIpDetails'),
    ...valuesAt(finding, 'service.action.kubernetesApiCallAction.remoteIpDetails'),
  ];
  return remote.flatMap((side) => [...valuesAt(side, 'ipAddressV4'), ...valuesAt(side, 'ipAddressV6')]);
}

// Nobody logged in from the destination of an outbound connection.
function isIncoming(connection: unknown): boolean {
  return valuesAt(connection, 'connectionDirection')[0] !== 'OUTBOUND';
}

function remoteSide(connection: unknown): unknown[] {
  return valuesAt(connection, 'remoteIpDetails');
}

function userNames(finding: unknown): unknown[] {
  const keyOwners = valuesAt(finding, 'resource.accessKeyDetails').map((details) => ({
    name: valuesAt(details, 'userName')[0],
    kind: valuesAt(details, 'userType')[0],
  }));
  return [
    ...loginNames(keyOwners),
    ...valuesAt(finding, 'resource.rdsDbUserDetails.user'),
    ...valuesAt(finding, 'resource.kubernetesDetails.kubernetesUserDetails.username'),
  ];
}

function machineNames(finding: unknown): unknown[] {
  const tags = valuesAt(finding, 'resource.instanceDetails.tags[]');
  return tags.filter((tag) => valuesAt(tag, 'key')[0] === 'Name').flatMap((tag) => valuesAt(tag, 'value'));
}
