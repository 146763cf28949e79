import type { Text } from './template/cloudformation.ts';
import type { Deployment } from './template/deployment.ts';

/**
 * The ARNs of the secrets of the enabled targets. A statement must name something, so with none enabled they are those
 * of all targets. Throws when a role has no room for so many.
 */
export function secretArns({ targets }: Pick<Deployment, 'targets'>): Text[] {
  const enabled = targets.filter((target) => target.enabled);
  const names = [...new Set((enabled.length > 0 ? enabled : targets).map((target) => target.credential))];
  if (names.length <= MOST_SECRETS) return names.map(secretArn);
  throw new Error(
    `The targets name ${names.length} secrets, and one role has room for ${MOST_SECRETS}: deploy two services.`,
  );
}

// An inline policy holds 10,240 characters, and IAM says so only when the stack is half deployed.
const MOST_SECRETS = 60;

// Secrets Manager adds "-" and six characters to a secret's name; the question marks match exactly these.
function secretArn(name: string): Text {
  if (name.startsWith('arn:')) return /-[A-Za-z0-9]{6}$/.test(name) ? name : `${name}-??????`;
  const [partition, region, account] = [
    { Ref: 'AWS::Partition' },
    { Ref: 'AWS::Region' },
    { Ref: 'AWS::AccountId' },
  ] as const;
  return {
    'Fn::Join': [':', ['arn', partition, 'secretsmanager', region, account, 'secret', `${name}-??????`]],
  };
}
