import { describe, expect, it } from 'vitest';
import { resourcesOf, type Template } from './packaged-service.ts';
import { allows } from './policy-statements.ts';

/** How alerts reach their function, and what it may do, in the packaged template of `serverless.test.ts`. */
export function alertsSuite(packaged: () => Template): void {
  const properties = (name: string) => packaged().Resources[name]?.Properties ?? {};
  const attribute = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
  const arn = (rest: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` });
  const here = `\${AWS::Region}:\${AWS::AccountId}`;
  const group = () => String(properties('FollowUpGroup')['Name']);

  describe('the rules of the event bus', () => {
    const rules = () => resourcesOf(packaged(), 'AWS::Events::Rule');

    it('are one for each kind of event', () => {
      const kinds = rules().map(([, { Properties }]) => detailTypes(Properties['EventPattern']));
      expect(kinds).toEqual([
        ['GuardDuty Finding'],
        ['Security Hub Findings - Imported', 'Security Hub Findings - Custom Action'],
        ['Findings Imported V2'],
        ['Login Export Requested'],
      ]);
    });

    it('hand their events to the function, which lets them, and report those that it never took', () => {
      const permitted = resourcesOf(packaged(), 'AWS::Lambda::Permission').map(
        ([, { Properties }]) => Properties,
      );
      for (const [name, { Properties }] of rules()) {
        expect(Properties['Targets']).toEqual([
          {
            Id: 'alert-export',
            Arn: attribute('AlertExportLambdaFunction'),
            RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
            DeadLetterConfig: { Arn: attribute('UndeliveredAlertsQueue') },
          },
        ]);
        expect(permitted).toContainEqual({
          Action: 'lambda:InvokeFunction',
          FunctionName: attribute('AlertExportLambdaFunction'),
          Principal: 'events.amazonaws.com',
          SourceArn: attribute(name),
        });
      }
    });
  });

  describe('the function for alerts', () => {
    it('sets alarms that start itself', () => {
      const { FunctionName, Environment } = properties('AlertExportLambdaFunction');
      expect(Environment).toEqual({
        Variables: {
          LEDGER_TABLE: { Ref: 'LedgerTable' },
          TASK_QUEUE_URL: { Ref: 'TaskQueue' },
          LOG_LEVEL: 'INFO',
          FOLLOW_UP_GROUP: { Ref: 'FollowUpGroup' },
          FOLLOW_UP_ROLE_ARN: attribute('FollowUpRole'),
          FOLLOW_UP_FUNCTION_ARN: arn(`lambda:${here}:function:${FunctionName}`),
          FOLLOW_UP_DEAD_LETTER_ARN: attribute('UndeliveredAlertsQueue'),
        },
      });
    });

    it('may do what the scheduled export may, and set alarms of its own group', () => {
      const [nightly, alert] = ['ScheduledExportRole', 'AlertExportRole'].map((role) =>
        allows(properties(role)),
      );
      const ours = alert?.slice(-3);
      expect(alert?.slice(0, 4)).toEqual(nightly?.slice(0, 4));
      expect(alert).toHaveLength(8);
      expect(alert?.[4]).toEqual([['sqs:SendMessage'], [attribute('FailedAlertsQueue')]]);
      const log = `log-group:${properties('AlertExportLogGroup')['LogGroupName']}:log-stream:*`;
      expect(ours).toEqual([
        [['scheduler:CreateSchedule'], [arn(`scheduler:${here}:schedule/${group()}/*`)]],
        [['iam:PassRole'], [attribute('FollowUpRole')]],
        [['logs:CreateLogStream', 'logs:PutLogEvents'], [arn(`logs:${here}:${log}`)]],
      ]);
    });

    it('lends alarms a role that starts it and reports what could not, for its own group alone', () => {
      const { FunctionName } = properties('AlertExportLambdaFunction');
      expect(allows(properties('FollowUpRole'))).toEqual([
        [['lambda:InvokeFunction'], [arn(`lambda:${here}:function:${FunctionName}`)]],
        [['sqs:SendMessage'], [attribute('UndeliveredAlertsQueue')]],
      ]);
    });
  });
}

function detailTypes(pattern: unknown): unknown[] {
  const { $or: either = [], 'detail-type': own = [] } = Object(pattern);
  return [...own, ...either.flatMap(detailTypes)];
}
