import { describe, expect, it } from 'vitest';
import { resourcesOf, type Template } from '../packaged-service.ts';
import { statementsOf, versionsOf } from '../policy-statements.ts';

/** Each condition of each policy in the packaged template of `serverless.test.ts`, exactly: half of one opens a door. */
export function conditionsSuite(packaged: () => Template): void {
  const properties = (name: string) => packaged().Resources[name]?.Properties ?? {};
  const attribute = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
  const account = { Ref: 'AWS::AccountId' };
  const group = {
    'Fn::Sub': `arn:\${AWS::Partition}:scheduler:\${AWS::Region}:\${AWS::AccountId}:schedule-group/workspace-login-export-prod`,
  };

  describe('who may take on a role', () => {
    it('SchedulerRole: the schedules of one group of this account, so that nobody else’s schedule may borrow it', () => {
      expect(properties('SchedulerRole')['AssumeRolePolicyDocument']).toEqual({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'scheduler.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': group } },
          },
        ],
      });
    });

    it.each(['ScheduledExportRole', 'AlertExportRole'])('%s: Lambda', (role) => {
      expect(properties(role)['AssumeRolePolicyDocument']).toEqual({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      });
    });
  });

  it('no function may lend a role to anybody', () => {
    expect(statementsOf(packaged()).filter((it) => JSON.stringify(it).includes('PassRole'))).toEqual([]);
  });

  describe('the policy of a queue', () => {
    it('refuses whoever does not come over TLS, and lets nobody in but the rules, into one queue', () => {
      const rules = resourcesOf(packaged(), 'AWS::Events::Rule').map(([name]) => attribute(name));
      const queues = resourcesOf(packaged(), 'AWS::SQS::Queue').map(([name]) => name);
      const policies = resourcesOf(packaged(), 'AWS::SQS::QueuePolicy').map(([, it]) => it.Properties);
      expect(policies).toHaveLength(queues.length);
      expect(policies).toEqual(expect.arrayContaining(queues.map((queue) => policyOf(queue, rules))));
    });
  });

  it('no other statement has a condition, or stands without one that should have it', () => {
    const conditional = statementsOf(packaged()).filter((it) => 'Condition' in it);
    const counted = Map.groupBy(
      conditional,
      ({ Sid, Principal }) => Sid ?? Object(Principal).Service ?? Principal,
    );
    expect([...counted].map(([who, statements]) => `${statements.length} ${who}`).sort()).toEqual([
      // That of osls, for the bucket of the deployment.
      '1 *',
      '1 PublishAlarms',
      '1 ReportUndeliveredAlerts',
      '1 scheduler.amazonaws.com',
      '7 DenyInsecureTransport',
    ]);
  });

  // Without a version IAM takes that of 2008, and refuses any but these two when the stack is deployed.
  it('every policy is written in the policy language of 2012', () => {
    // That of osls itself, for the bucket of the deployment, names none.
    const { ServerlessDeploymentBucketPolicy: _, ...Resources } = packaged().Resources;
    const versions = versionsOf({ Resources });
    expect(versions.length).toBeGreaterThan(10);
    expect(new Set(versions)).toEqual(new Set(['2012-10-17']));
  });

  function policyOf(queue: string, rules: object[]) {
    const refusal = {
      Sid: 'DenyInsecureTransport',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: attribute(queue),
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    const letIn = {
      Sid: 'ReportUndeliveredAlerts',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: attribute(queue),
      Condition: { ArnEquals: { 'aws:SourceArn': rules } },
    };
    const Statement = queue === 'UndeliveredAlertsQueue' ? [refusal, letIn] : [refusal];
    return { Queues: [{ Ref: queue }], PolicyDocument: { Version: '2012-10-17', Statement } };
  }
}
