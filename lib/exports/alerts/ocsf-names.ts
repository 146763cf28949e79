import type { NamedFilter } from '../../domain/alert.ts';
import { loginNames } from './named-values.ts';
import { objectsWith, valuesAt } from './values-at.ts';

/**
 * What an OCSF finding names. Security Hub has written the owner of an access key in two ways: `user.name`, and
 * `data.user_name` with `data.user_type`.
 */
export function ocsfNames(finding: unknown): Record<NamedFilter, unknown[]> {
  return {
    public_ip: valuesAt(finding, 'evidences[]').filter(isIncoming).flatMap(sourceAddress),
    user_name: userNames(finding),
    machine_name: [...valuesAt(finding, 'device.hostname'), ...instanceNames(finding)],
  };
}

const OUTBOUND = 2;

// Of a connection that went out, the source is ours.
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
