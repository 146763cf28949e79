import { describe, expect, it } from 'vitest';
import { resourcesOf, type Template } from '../packaged-service.ts';

const FOURTEEN_DAYS = 1_209_600;

/** The settings that are the product, each with its reason, in the packaged template of `serverless.test.ts`. */
export function valuesSuite(packaged: () => Template): void {
  const attribute = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
  const properties = (name: string) => packaged().Resources[name]?.Properties ?? {};
  const all = (type: string) => resourcesOf(packaged(), type);

  describe('what a function has', () => {
    it.each<[string, number | undefined, string]>([
      [
        'ScheduledExportLambdaFunction',
        undefined,
        'overlapping runs are safe, and a reservation takes from others',
      ],
      ['AlertExportLambdaFunction', 2, 'two at once work off any storm'],
    ])('%s: %s runs reserved, because %s', (name, reserved, _why) => {
      const { Timeout, MemorySize, ReservedConcurrentExecutions, Runtime, Architectures, Handler } =
        properties(name);
      expect({ Timeout, MemorySize, ReservedConcurrentExecutions, Runtime, Architectures, Handler }).toEqual({
        // Lambda's longest: a run ends by itself 20 s before it.
        Timeout: 900,
        // It waits for Huawei nearly all its time.
        MemorySize: 512,
        ReservedConcurrentExecutions: reserved,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
    });

    it.each([
      ['ScheduledExportLambdaFunction', 'FailedRunsQueue'],
      ['AlertExportLambdaFunction', 'FailedAlertsQueue'],
    ])('%s: two more attempts, up to six hours of being throttled, then %s', (name, queue) => {
      const configs = all('AWS::Lambda::EventInvokeConfig').map(([, it]) => it.Properties);
      expect(configs.filter(({ FunctionName }) => Object(FunctionName).Ref === name)).toEqual([
        {
          FunctionName: { Ref: name },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 2,
          MaximumEventAgeInSeconds: 21_600,
          DestinationConfig: { OnFailure: { Destination: attribute(queue) } },
        },
      ]);
    });

    it('is a log at INFO, and the tag by which costs are found', () => {
      for (const [name, { Properties }] of all('AWS::Lambda::Function')) {
        expect(Object(Properties['Environment']).Variables.LOG_LEVEL, name).toBe('INFO');
        expect(Properties['Tags'], name).toEqual([{ Key: 'service', Value: 'workspace-login-export' }]);
      }
    });
  });

  describe('what starts a function', () => {
    it('is switched on, every schedule and every rule', () => {
      const [schedules, rules] = [all('AWS::Scheduler::Schedule'), all('AWS::Events::Rule')];
      expect([schedules.length, rules.length]).toEqual([4, 4]);
      for (const [name, { Properties }] of [...schedules, ...rules])
        expect(Properties['State'], name).toBe('ENABLED');
    });

    it('is tried for a day and 185 times, AWS’s longest, because a late run asks for the same windows', () => {
      const longest = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
      const bySchedule = all('AWS::Scheduler::Schedule').map(([, it]) => Object(it.Properties['Target']));
      const byRule = all('AWS::Events::Rule').flatMap(([, it]) => it.Properties['Targets']);
      expect([...bySchedule, ...byRule].map(({ RetryPolicy }) => RetryPolicy)).toEqual(
        Array(8).fill(longest),
      );
    });

    it('is on the default event bus, where the findings are', () => {
      for (const [name, { Properties }] of all('AWS::Events::Rule'))
        expect(Properties['EventBusName'], name).toBeUndefined();
    });
  });

  describe('what holds data', () => {
    const stage = 'workspace-login-export-prod';
    const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    const failures = (name: string) => ({
      QueueName: `${stage}-${name}`,
      MessageRetentionPeriod: FOURTEEN_DAYS,
      SqsManagedSseEnabled: true,
    });

    it('are these queues, all for SQS’s longest 14 days; those of tasks outlive the stack', () => {
      expect(Object.fromEntries(all('AWS::SQS::Queue'))).toEqual({
        TaskQueue: {
          Type: 'AWS::SQS::Queue',
          ...kept,
          Properties: {
            ...failures('tasks'),
            // Time for a consumer to wait for an export and fetch its file.
            VisibilityTimeout: 900,
            RedrivePolicy: { deadLetterTargetArn: attribute('TaskDeadLetterQueue'), maxReceiveCount: 5 },
          },
        },
        TaskDeadLetterQueue: {
          Type: 'AWS::SQS::Queue',
          ...kept,
          Properties: {
            ...failures('tasks-dead'),
            RedriveAllowPolicy: {
              redrivePermission: 'byQueue',
              sourceQueueArns: [
                { 'Fn::Sub': `arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:${stage}-tasks` },
              ],
            },
          },
        },
        UndeliveredRunsQueue: { Type: 'AWS::SQS::Queue', Properties: failures('undelivered-runs') },
        FailedRunsQueue: { Type: 'AWS::SQS::Queue', Properties: failures('failed-runs') },
        UndeliveredAlertsQueue: { Type: 'AWS::SQS::Queue', Properties: failures('undelivered-alerts') },
        FailedAlertsQueue: { Type: 'AWS::SQS::Queue', Properties: failures('failed-alerts') },
      });
    });

    it('is the ledger: it outlives the stack, and can be brought back to any second of 35 days', () => {
      const { Properties: _properties, ...policies } = packaged().Resources['LedgerTable'] ?? {};
      expect(policies).toEqual({ Type: 'AWS::DynamoDB::Table', ...kept });
      const { KeySchema: _keys, LocalSecondaryIndexes: _indexes, ...rest } = properties('LedgerTable');
      const text = (name: string) => ({ AttributeName: name, AttributeType: 'S' });
      expect(rest).toEqual({
        TableName: `${stage}-ledger`,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [text('target_id'), text('window'), text('window_end'), text('open')],
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      });
    });

    it('is a log for each function, kept for a year and a month so that an audit of a year finds all of it', () => {
      expect(all('AWS::Logs::LogGroup').map(([, { Properties }]) => Properties)).toEqual(
        ['scheduled-export', 'alert-export'].map((name) => ({
          LogGroupName: `/aws/lambda/${stage}-${name}`,
          RetentionInDays: 400,
        })),
      );
    });
  });
}
