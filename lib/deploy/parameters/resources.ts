import type { Extensions, Fragment, Resources } from '../template/cloudformation.ts';
import type { Deployment } from '../template/deployment.ts';
import { ownKey } from './own-key.ts';
import { inVpc } from './vpc.ts';

/** What the parameters of a deployment add to its template; nothing for those that are empty. */
export function parameterResources({
  parameters: { alarmEmail, kmsKeyArn, vpc },
  prefix,
}: Pick<Deployment, 'parameters' | 'prefix'>): Fragment & { extensions: Extensions } {
  const key = kmsKeyArn === undefined ? undefined : ownKey(kmsKeyArn);
  const network = vpc === undefined ? undefined : inVpc(vpc, prefix);
  return {
    Resources: {
      ...(alarmEmail === undefined ? {} : subscription(alarmEmail)),
      ...key?.Resources,
      ...network?.Resources,
    },
    extensions: { ...key?.extensions, ...network?.extensions },
  };
}

// Somebody who gets the alarms by e-mail, once they have said yes to a first message of AWS.
function subscription(address: string): Resources {
  const TopicArn = { Ref: 'AlarmTopic' };
  return {
    AlarmEmail: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn, Protocol: 'email', Endpoint: address },
    },
  };
}
