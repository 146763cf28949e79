import { Temporal } from 'temporal-polyfill';
import * as z from 'zod/mini';
import type { Inactive, NamedFilter } from '../../../domain/alerts/alert.ts';
import { SEVERITIES } from '../../../domain/alerts/severity.ts';
import { activityPeriod } from './activity-period.ts';
import { alertTypes, findingId, findingTime, type ReportedFinding, text, typeText } from './envelope.ts';
import { isTextAt, objectsWith, valuesAt } from './fields.ts';
import { arePostureTypes, findingState, SAMPLE_TITLE } from './finding-state.ts';
import { loginNames, namedValues } from './named-values.ts';

// The range of an instant. A time in another unit is in a year far away, and counts as not given.
const FURTHEST = 8_640_000_000_000_000;
const EPOCH_EXPECTED = 'must be a time in whole milliseconds since 1970';

const epochTime = z.pipe(
  z.int(EPOCH_EXPECTED).check(z.minimum(-FURTHEST, EPOCH_EXPECTED), z.maximum(FURTHEST, EPOCH_EXPECTED)),
  z.transform(Temporal.Instant.fromEpochMilliseconds),
);

const findingInfo = z.looseObject({
  uid: findingId,
  title: z.nullish(typeText),
  types: z.nullish(z.array(typeText)),
  first_seen_time: z.nullish(epochTime),
  first_seen_time_dt: z.nullish(findingTime),
  last_seen_time: z.nullish(epochTime),
  last_seen_time_dt: z.nullish(findingTime),
  created_time: z.nullish(epochTime),
  created_time_dt: z.nullish(findingTime),
  modified_time: z.nullish(epochTime),
  modified_time_dt: z.nullish(findingTime),
});

const cloud = z.looseObject({
  account: z.nullish(z.looseObject({ uid: z.nullish(text) })),
  region: z.nullish(text),
});

/**
 * A finding of a `Findings Imported V2`, in the Open Cybersecurity Schema Framework. `finding_info.uid` is the product's
 * own id: for a GuardDuty finding the ARN.
 * Source: Security Hub user guide, OCSF findings in Security Hub; OCSF schema 1.6, Detection Finding.
 */
export const ocsfFinding = z.pipe(
  z.looseObject({
    finding_info: findingInfo,
    severity_id: z.nullish(z.number()),
    cloud: z.nullish(cloud),
    time: z.nullish(epochTime),
    time_dt: z.nullish(findingTime),
  }),
  z.transform((finding): ReportedFinding => {
    const info = finding.finding_info;
    const happened = [finding.time, finding.time_dt];
    const sightings = {
      first: [
        info.first_seen_time,
        info.first_seen_time_dt,
        info.created_time,
        info.created_time_dt,
        ...happened,
      ],
      last: [
        info.last_seen_time,
        info.last_seen_time_dt,
        info.modified_time,
        info.modified_time_dt,
        ...happened,
      ],
    };
    return ({ source, account, region, ...times }) => {
      const seen = activityPeriod(sightings, times);
      if (!seen) return undefined;
      return {
        id: info.uid,
        source,
        types: alertTypes(info.types, info.title ?? 'Findings Imported V2'),
        // 1 is informational, 5 is critical; 0 (unknown), 6 (fatal) and 99 (other) count as critical.
        severity: SEVERITIES[(finding.severity_id ?? 0) - 1] ?? 'critical',
        account: finding.cloud?.account?.uid ?? account,
        region: finding.cloud?.region ?? region,
        ...seen,
        ...stateOf(finding, info),
        named: namedValues(ocsfNames(finding)),
      };
    };
  }),
);

function stateOf(finding: unknown, { types }: z.output<typeof findingInfo>) {
  return findingState({
    isSample: isTextAt(finding, 'finding_info.title', SAMPLE_TITLE),
    inactive: ENDED.get(valuesAt(finding, 'status_id')[0]),
    isPosture: POSTURE.has(valuesAt(finding, 'class_uid')[0]) || arePostureTypes(types),
  });
}

/** Source: OCSF schema 1.6, Finding, `status_id`. */
const ENDED = new Map<unknown, Inactive>([
  [3, 'suppressed'],
  [4, 'resolved'],
  [5, 'archived'],
  [6, 'deleted'],
]);

/**
 * Vulnerability, Compliance, Application Security Posture and IAM Analysis Finding.
 * Source: OCSF schema 1.6, Findings, `class_uid`.
 */
const POSTURE = new Set<unknown>([2002, 2003, 2007, 2008]);

/**
 * The values that an OCSF finding names. Security Hub has written the owner of an access key in two ways: `user.name`, and
 * `data.user_name` with `data.user_type`.
 */
function ocsfNames(finding: unknown): Record<NamedFilter, unknown[]> {
  return {
    public_ip: valuesAt(finding, 'evidences[]').filter(isIncoming).flatMap(sourceAddress),
    user_name: userNames(finding),
    machine_name: [...valuesAt(finding, 'device.hostname'), ...instanceNames(finding)],
  };
}

const OUTBOUND = 2;

// For an outbound connection the source is our own machine.
function isIncoming(evidence: unknown): boolean {
  return valuesAt(evidence, 'connection_info.direction_id')[0] !== OUTBOUND;
}

function sourceAddress(evidence: unknown): unknown[] {
  return valuesAt(evidence, 'src_endpoint.ip');
}

function userNames(finding: unknown): unknown[] {
  const actors = valuesAt(finding, 'evidences[].actor.user').map((user) => described(user, 'name', 'type'));
  const keys = objectsWith(finding, 'resources[]', {
    key: 'type',
    accepted: ['AWS::IAM::AccessKey', 'AwsIamAccessKey'],
  });
  const users = objectsWith(finding, 'resources[]', {
    key: 'type',
    accepted: ['AWS::IAM::User', 'AwsIamUser'],
  });
  return [
    ...loginNames(actors),
    ...loginNames(
      keys.flatMap((key) => valuesAt(key, 'user').map((user) => described(user, 'name', 'type'))),
    ),
    ...loginNames(
      keys.flatMap((key) => valuesAt(key, 'data').map((data) => described(data, 'user_name', 'user_type'))),
    ),
    ...users.flatMap((user) => valuesAt(user, 'name')),
  ];
}

function described(user: unknown, name: string, kind: string) {
  return { name: valuesAt(user, name)[0], kind: valuesAt(user, kind)[0] };
}

function instanceNames(finding: unknown): unknown[] {
  const instances = objectsWith(finding, 'resources[]', {
    key: 'type',
    accepted: ['AWS::EC2::Instance', 'AwsEc2Instance'],
  });
  return instances.flatMap((instance) => [
    ...objectsWith(instance, 'tags[]', { key: 'name', accepted: ['Name'] }).flatMap((tag) =>
      valuesAt(tag, 'value'),
    ),
    ...valuesAt(instance, 'name'),
  ]);
}
