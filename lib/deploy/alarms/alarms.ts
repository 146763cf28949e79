import { alertPatterns } from '../template/alert-patterns.ts';
import type { Fragment, Resource, Resources } from '../template/cloudformation.ts';
import { type Deployment, enabledTargets, logicalId } from '../template/deployment.ts';
import { type Alarm, alarm, nameOf, TOPIC } from './alarm.ts';
import { serviceAlarms } from './service-alarms.ts';
import { targetAlarms } from './target-alarms.ts';

/** The topic, and every alarm that goes to it. docs/operations.md has a part for each. */
export function alarms(deployment: Deployment): Fragment {
  const { prefix, rules } = deployment;
  const ofService = serviceAlarms(Object.keys(alertPatterns(rules))).map((each): [string, Resource] => [
    idOf(each),
    alarm(`${prefix}-${nameOf(each)}`, each),
  ]);
  const ofTargets = enabledTargets(deployment).flatMap((target) =>
    targetAlarms(target).map((each): [string, Resource] => [
      logicalId(idOf(each), target.id),
      alarm(`${prefix}-${target.id}-${nameOf(each)}`, each),
    ]),
  );
  return { Resources: { ...topic(topicName(prefix)), ...Object.fromEntries([...ofService, ...ofTargets]) } };
}

/** What the topic is called. */
export function topicName(prefix: string): string {
  return `${prefix}-alarms`;
}

// `windows-lost` becomes AlarmWindowsLost.
function idOf(each: Alarm): string {
  const words = nameOf(each)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `Alarm${words.join('')}`;
}

// From the topic to people. Alarms of this account alone may publish, and only over TLS.
function topic(name: string): Resources {
  return {
    AlarmTopic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: name } },
    AlarmTopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [TOPIC],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'PublishAlarms',
              Effect: 'Allow',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
              Action: 'sns:Publish',
              Resource: TOPIC,
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            },
            {
              Sid: 'DenyInsecureTransport',
              Effect: 'Deny',
              Principal: '*',
              Action: 'sns:Publish',
              Resource: TOPIC,
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    },
  };
}
