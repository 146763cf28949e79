import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

type Statement = { Sid: string; Principal: Record<string, string>; Action: string[]; Condition?: object };

const file = join(import.meta.dirname, '..', '..', '..', 'infra', 'key-policy.json');
const statements: Statement[] = JSON.parse(readFileSync(file, 'utf8')).Statement;
const of = (sid: string) => statements.find(({ Sid }) => Sid === sid);

const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';

// To put into a topic or queue that is encrypted: Amazon SNS and SQS Developer Guides, "Key management".
const SEND = ['kms:Decrypt', 'kms:GenerateDataKey'];

const USE = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

describe('the policy of the key', () => {
  it('has these statements and no other, each of which allows something on the key itself', () => {
    expect(statements.map(({ Sid }) => Sid)).toEqual([
      'EncryptLogs',
      'PublishAlarms',
      'ReportUndeliveredAlerts',
      'UseByDeployer',
      'LendToLedgerByDeployer',
    ]);
    for (const statement of statements) expect(statement).toMatchObject({ Effect: 'Allow', Resource: '*' });
  });

  it('lets no service in without a condition that names the account', () => {
    const services = statements.filter(({ Principal }) => 'Service' in Principal);
    expect(services).toHaveLength(3);
    for (const { Condition } of services) expect(JSON.stringify(Condition)).toContain(ACCOUNT);
  });

  // It passes the log group's ARN as context, as CloudWatch Logs documents, and no source.
  it('lets CloudWatch Logs encrypt the log groups of the functions, and no others', () => {
    expect(of('EncryptLogs')).toEqual({
      Sid: 'EncryptLogs',
      Effect: 'Allow',
      Principal: { Service: `logs.${REGION}.amazonaws.com` },
      Action: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      Resource: '*',
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/workspace-login-export-prod-*`,
        },
      },
    });
  });

  it('lets the alarms of this service publish to the topic, and no others, whoever owns them', () => {
    expect(of('PublishAlarms')).toEqual({
      Sid: 'PublishAlarms',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: SEND,
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceAccount': ACCOUNT },
        ArnLike: {
          'aws:SourceArn': `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:workspace-login-export-prod-*`,
        },
      },
    });
  });

  // Rules get their names of CloudFormation, which shortens the stack's name in them: it cannot be named here. A topic
  // must not be their target with such a condition (Amazon SNS Developer Guide), a queue may be.
  it('lets the rules of this account send what they could not deliver, and of no other', () => {
    expect(of('ReportUndeliveredAlerts')).toEqual({
      Sid: 'ReportUndeliveredAlerts',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: SEND,
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceAccount': ACCOUNT },
        ArnLike: { 'aws:SourceArn': `arn:aws:events:${REGION}:${ACCOUNT}:rule/*` },
      },
    });
  });

  it('lets whoever deploys use the key, and lend it to services of AWS alone', () => {
    const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:role/deployer` };
    expect(of('UseByDeployer')).toEqual({
      Sid: 'UseByDeployer',
      Effect: 'Allow',
      Principal,
      Action: USE,
      Resource: '*',
    });
    expect(of('LendToLedgerByDeployer')).toEqual({
      Sid: 'LendToLedgerByDeployer',
      Effect: 'Allow',
      Principal,
      Action: ['kms:CreateGrant', 'kms:RevokeGrant'],
      Resource: '*',
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
  });
});
