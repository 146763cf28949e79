import { describe, expect, it } from 'vitest';
import { resourcesOf, type Template } from '../packaged-service.ts';
import { allows, statementsOf } from '../policy-statements.ts';

/** A secret that a target of the packaged service names by its ARN. */
export const SECRET_BY_ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:huawei/by-arn-AbCdEf';

/** Who may do what, and what is encrypted, in the packaged template of `serverless.test.ts`. */
export function accessSuite(packaged: () => Template): void {
  const properties = (name: string) => packaged().Resources[name]?.Properties ?? {};
  const attribute = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

  describe('the permissions', () => {
    it('of the function are the named secrets, the ledger, two queues and its own log', () => {
      const secret = ['arn', { Ref: 'AWS::Partition' }, 'secretsmanager', { Ref: 'AWS::Region' }];
      const byName = [...secret, { Ref: 'AWS::AccountId' }, 'secret', 'huawei/acme-??????'];
      const log = `log-group:${properties('ScheduledExportLogGroup')['LogGroupName']}:log-stream:*`;
      expect(allows(properties('ScheduledExportRole'))).toEqual([
        [['secretsmanager:GetSecretValue'], [{ 'Fn::Join': [':', byName] }, SECRET_BY_ARN]],
        [['dynamodb:GetItem', 'dynamodb:PutItem'], [attribute('LedgerTable')]],
        [
          ['dynamodb:Query'],
          [
            attribute('LedgerTable'),
            { 'Fn::Sub': `\${LedgerTable.Arn}/index/by_end` },
            { 'Fn::Sub': `\${LedgerTable.Arn}/index/open` },
          ],
        ],
        [['sqs:SendMessage'], [attribute('TaskQueue')]],
        [['sqs:SendMessage'], [attribute('FailedRunsQueue')]],
        [
          ['logs:CreateLogStream', 'logs:PutLogEvents'],
          [{ 'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:${log}` }],
        ],
      ]);
    });

    it('of the schedules are to start the function and to report what they could not start', () => {
      expect(allows(properties('SchedulerRole'))).toEqual([
        [['lambda:InvokeFunction'], [attribute('ScheduledExportLambdaFunction')]],
        [['sqs:SendMessage'], [attribute('UndeliveredRunsQueue')]],
      ]);
    });

    it('allow everything to nobody: a wildcard stands for log streams, or in a refusal', () => {
      const wide = statementsOf(packaged()).filter((statement) => JSON.stringify(statement).includes('*'));
      const allowed = wide.filter(({ Effect }) => Effect === 'Allow');
      expect(allowed.map(({ Sid }) => Sid)).toEqual(['WriteLog', 'WriteLog']);
      expect(JSON.stringify(allowed).match(/[^"]{12}\*/g)).toEqual([':log-stream:*', ':log-stream:*']);
    });
  });

  describe('what osls stores', () => {
    it('is encrypted in every bucket, which nobody can open to the public', () => {
      for (const [, { Properties }] of resourcesOf(packaged(), 'AWS::S3::Bucket')) {
        expect(JSON.stringify(Properties['BucketEncryption'])).toContain('SSEAlgorithm');
        expect(Properties['PublicAccessBlockConfiguration']).toMatchObject({ BlockPublicPolicy: true });
      }
    });
  });
}
