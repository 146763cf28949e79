import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { blocksOf, ownCommands, ROOT } from '../../docs/operations/document.ts';
import { login } from '../../support/command/command-line.ts';

/** Without which a type of resource cannot be made, changed or deleted. All that CloudFormation calls: test/aws/deployer.test.ts. */
const ACTIONS: Record<string, string> = {
  'AWS::CloudWatch::Alarm': 'cloudwatch: PutMetricAlarm DeleteAlarms',
  'AWS::CloudWatch::Dashboard': 'cloudwatch: PutDashboard DeleteDashboards',
  'AWS::DynamoDB::Table':
    'dynamodb: CreateTable UpdateTable UpdateContinuousBackups UpdateTimeToLive TagResource',
  'AWS::Events::Rule': 'events: PutRule PutTargets RemoveTargets DeleteRule',
  'AWS::IAM::Policy': 'iam: PutRolePolicy DeleteRolePolicy',
  'AWS::IAM::Role':
    'iam: CreateRole PassRole PutRolePolicy UpdateAssumeRolePolicy DeleteRolePolicy DeleteRole',
  'AWS::Lambda::EventInvokeConfig':
    'lambda: PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig',
  'AWS::Lambda::Function':
    'lambda: CreateFunction UpdateFunctionCode UpdateFunctionConfiguration PutFunctionConcurrency DeleteFunction',
  'AWS::Lambda::Permission': 'lambda: AddPermission RemovePermission',
  'AWS::Logs::LogGroup': 'logs: CreateLogGroup PutRetentionPolicy AssociateKmsKey DeleteLogGroup',
  'AWS::S3::Bucket':
    's3: CreateBucket PutEncryptionConfiguration PutBucketPublicAccessBlock PutBucketTagging DeleteBucket',
  'AWS::S3::BucketPolicy': 's3: PutBucketPolicy DeleteBucketPolicy',
  'AWS::SNS::Subscription': 'sns: Subscribe Unsubscribe',
  'AWS::SNS::Topic': 'sns: CreateTopic SetTopicAttributes DeleteTopic',
  'AWS::SNS::TopicPolicy': 'sns: SetTopicAttributes',
  'AWS::SQS::Queue': 'sqs: CreateQueue SetQueueAttributes TagQueue DeleteQueue',
  'AWS::SQS::QueuePolicy': 'sqs: SetQueueAttributes',
  'AWS::Scheduler::Schedule': 'scheduler: CreateSchedule UpdateSchedule DeleteSchedule',
  'AWS::Scheduler::ScheduleGroup': 'scheduler: CreateScheduleGroup DeleteScheduleGroup',
};

/** What osls makes of functions and for itself; nothing that we declare or compute names these types. */
const BY_OSLS = [
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
];

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const infra = globSync(['infra/**/*.yml', 'lib/deploy/**/*.ts'], { cwd: ROOT }).map(text).join('\n');
const { Statement } = JSON.parse(text('infra/deployer-policy.json'));
const allowed: string[] = Statement.flatMap(({ Action }: { Action: string }) => Action);
const deploy = text('docs/deploy.md');

it('every type of resource in infra/ and lib/deploy is one of which it is known what its deployer must be allowed', () => {
  const types = [...infra.matchAll(/Type: '?(AWS::\w+::\w+)/g)].map(([, type]) => type);
  expect([...new Set([...types, ...BY_OSLS])].sort()).toEqual(Object.keys(ACTIONS).sort());
});

it.each(Object.entries(ACTIONS))('the deployer may make, change and delete %s', (_, needed) => {
  const [service, ...actions] = needed.split(' ');
  const missing = actions.filter((action) => !allowed.includes(`${service}${action}`));
  expect(missing).toEqual([]);
});

it('no action of the deployer is a pattern, and the ledger and its rows are not the deployer’s to delete', () => {
  expect(allowed.filter((action) => !/^[a-z0-9]+:\w+$/.test(action))).toEqual([]);
  expect(allowed.filter((action) => /^dynamodb:(Delete|Batch|PutItem|UpdateItem)/.test(action))).toEqual([]);
});

it.each(['infra/deployer-policy.json', 'infra/key-policy.json', 'infra/huawei/identity-policy.json'])(
  'docs/deploy.md links to %s',
  (path) => expect(deploy).toContain(`(../${path})`),
);

it('docs/deploy.md gives our own commands options that they have', async () => {
  const commands = blocksOf(deploy).flatMap(ownCommands);
  expect(commands.length).toBeGreaterThan(2);
  for (const { words } of commands) {
    const { stdout } = await login([words[0] ?? '', '--help']);
    const options = words.filter((word) => word.startsWith('--'));
    expect(options.filter((option) => !stdout.includes(`${option} `))).toEqual([]);
  }
});
