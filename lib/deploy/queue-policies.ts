import { arnOf, type Fragment, type Resource, type Statement } from './template/cloudformation.ts';

/** The policies of all queues but UndeliveredAlertsQueue, which lets rules in as well: see alert-rules.ts. */
export function queuePolicies(): Fragment {
  return { Resources: Object.fromEntries(QUEUES.map((queue) => [`${queue}Policy`, queuePolicy(queue)])) };
}

const QUEUES = [
  'TaskQueue',
  'TaskDeadLetterQueue',
  'UndeliveredRunsQueue',
  'FailedRunsQueue',
  'FailedAlertsQueue',
];

/**
 * A queue's policy, of which a queue has one: it refuses whoever does not come over TLS, and allows what else is given.
 * The wildcards widen a refusal, not a permission.
 */
export function queuePolicy(
  queue: string,
  allowed: readonly Statement[] = [],
): Resource<'AWS::SQS::QueuePolicy'> {
  const refusal: Statement = {
    Sid: 'DenyInsecureTransport',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:*',
    Resource: arnOf(queue),
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: queue }],
      PolicyDocument: { Version: '2012-10-17', Statement: [refusal, ...allowed] },
    },
  };
}
