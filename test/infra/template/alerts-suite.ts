import { describe, expect, it } from 'vitest';
import { resourcesOf, type Template } from '../packaged-service.ts';
import { allows } from '../policy-statements.ts';

/** How alerts reach their function, and what it may do, in the packaged template of `serverless.test.ts`. */
export function alertsSuite(packaged: () => Template): void {
  const properties = (name: string) => packaged().Resources[name]?.Properties ?? {};
  const attribute = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
  const arn = (rest: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` });
  const here = `\${AWS::Region}:\${AWS::AccountId}`;

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
    it('has the same environment as the scheduled export', () => {
      const [nightly, alert] = ['ScheduledExportLambdaFunction', 'AlertExportLambdaFunction'].map(
        (name) => properties(name)['Environment'],
      );
      expect(alert).toEqual(nightly);
      expect(alert).toEqual({
        Variables: {
          LEDGER_TABLE: { Ref: 'LedgerTable' },
          TASK_QUEUE_URL: { Ref: 'TaskQueue' },
          LOG_LEVEL: 'INFO',
        },
      });
    });

    it('may do what the scheduled export may, and nothing else but report to a queue and log of its own', () => {
      const [nightly, alert] = ['ScheduledExportRole', 'AlertExportRole'].map((role) =>
        allows(properties(role)),
      );
      expect(alert?.slice(0, -2)).toEqual(nightly?.slice(0, -2));
      const log = `log-group:${properties('AlertExportLogGroup')['LogGroupName']}:log-stream:*`;
      expect(alert?.slice(-2)).toEqual([
        [['sqs:SendMessage'], [attribute('FailedAlertsQueue')]],
        [['logs:CreateLogStream', 'logs:PutLogEvents'], [arn(`logs:${here}:${log}`)]],
      ]);
    });
  });
}

function detailTypes(pattern: unknown): unknown[] {
  const { $or: either = [], 'detail-type': own = [] } = Object(pattern);
  return [...own, ...either.flatMap(detailTypes)];
}
