import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type PackagedService, packageService, resourcesOf, type Template } from './packaged-service.ts';
import { statementsOf } from './policy-statements.ts';

const TARGETS = 'targets: [{ id: acme, region: ap-southeast-3, credential: huawei/acme }]';
const ALERTS = 'rules: []';
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
const PARAMETERS = {
  alarm_email: 'on-call@example.com',
  kms_key_arn: KEY,
  subnet_ids: 'subnet-0a1b2c3d,subnet-4e5f6a7b',
  security_group_ids: 'sg-0a1b2c3d',
};

let plain: PackagedService;
let special: PackagedService;

beforeAll(async () => {
  [plain, special] = await Promise.all([
    packageService(TARGETS, ALERTS),
    packageService(TARGETS, ALERTS, PARAMETERS),
  ]);
});

afterAll(() => Promise.all([plain.remove(), special.remove()]));

const properties = ({ Resources }: Template, name: string) => Resources[name]?.Properties ?? {};
const FUNCTION_ROLES = ['ScheduledExportRole', 'AlertExportRole'];
const FUNCTIONS = ['ScheduledExportLambdaFunction', 'AlertExportLambdaFunction'];

describe('without parameters', () => {
  it('nothing is in a VPC, no key of one’s own is used, and nobody gets mail', () => {
    const text = JSON.stringify(plain.template);
    expect(text).not.toMatch(/VpcConfig|kms:|KmsMasterKeyId|KmsKeyId|ec2:/);
    expect(resourcesOf(plain.template, 'AWS::SNS::Subscription')).toEqual([]);
  });

  it('alarms of this account alone may publish, and over TLS alone', () => {
    expect(statementsOf(properties(plain.template, 'AlarmTopicPolicy'))).toEqual([
      {
        Sid: 'PublishAlarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: { Ref: 'AlarmTopic' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
      {
        Sid: 'DenyInsecureTransport',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Resource: { Ref: 'AlarmTopic' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });
});

describe('an address for alarms', () => {
  it('is subscribed to the topic', () => {
    expect(properties(special.template, 'AlarmEmail')).toEqual({
      TopicArn: { Ref: 'AlarmTopic' },
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
  });
});

describe('a key of one’s own', () => {
  it('encrypts the ledger, every queue, the topic and every log', () => {
    const { template } = special;
    const ledger = properties(template, 'LedgerTable')['SSESpecification'];
    expect(ledger).toEqual({ SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: KEY });
    for (const [name, { Properties }] of resourcesOf(template, 'AWS::SQS::Queue'))
      expect(Properties, name).toMatchObject({ KmsMasterKeyId: KEY, SqsManagedSseEnabled: false });
    for (const [name, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup'))
      expect(Properties, name).toMatchObject({ KmsKeyId: KEY });
    expect(properties(template, 'AlarmTopic')['KmsMasterKeyId']).toBe(KEY);
  });

  // Source: DynamoDB Developer Guide, "Encryption at rest: usage notes", which asks for more than queues and secrets do.
  const FOR_A_TABLE = [
    'Decrypt',
    'DescribeKey',
    'Encrypt',
    'GenerateDataKey',
    'ReEncryptFrom',
    'ReEncryptTo',
  ];

  it.each([
    ['FunctionsUseKey', FUNCTION_ROLES, FOR_A_TABLE, ['dynamodb', 'secretsmanager', 'sqs']],
    ['SchedulesUseKey', ['SchedulerRole'], ['Decrypt', 'GenerateDataKey'], ['sqs']],
  ])('may be used by %s of %j, for %j, through %j and not otherwise', (name, roles, actions, services) => {
    const { Roles } = properties(special.template, name);
    expect(Roles).toEqual(roles.map((Ref) => ({ Ref })));
    const through = services.map((service) => ({ 'Fn::Sub': `${service}.\${AWS::Region}.amazonaws.com` }));
    expect(statementsOf(properties(special.template, name))).toEqual([
      {
        Sid: 'UseKey',
        Effect: 'Allow',
        Action: actions.map((action) => `kms:${action}`),
        Resource: KEY,
        Condition: { StringEquals: { 'kms:ViaService': through } },
      },
    ]);
  });

  it('may be used by every role, and no policy but these names it', () => {
    const policies = resourcesOf(special.template, 'AWS::IAM::Policy');
    expect(policies.map(([name]) => name)).toEqual(['FunctionsUseKey', 'SchedulesUseKey', 'VpcAccess']);
    const roles = policies.slice(0, 2).flatMap(([, { Properties }]) => Properties['Roles']);
    const all = resourcesOf(special.template, 'AWS::IAM::Role').map(([name]) => ({ Ref: name }));
    expect(roles).toEqual(expect.arrayContaining(all));
    expect(roles).toHaveLength(all.length);
    expect(JSON.stringify([...all, policies[2]])).not.toContain('kms:');
  });
});

describe('subnets and security groups', () => {
  it('put both functions into the VPC, once Lambda may make interfaces for them', () => {
    for (const name of FUNCTIONS) {
      expect(special.template.Resources[name]).toMatchObject({
        DependsOn: expect.arrayContaining(['VpcAccess']),
        Properties: {
          VpcConfig: {
            SubnetIds: ['subnet-0a1b2c3d', 'subnet-4e5f6a7b'],
            SecurityGroupIds: ['sg-0a1b2c3d'],
          },
        },
      });
    }
  });

  it('let Lambda manage interfaces and keep the code of the functions from it', () => {
    const { Roles, PolicyDocument } = properties(special.template, 'VpcAccess');
    const here = `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:workspace-login-export-prod`;
    // Source: Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
    const Action = [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ];
    const functions = ['scheduled-export', 'alert-export'].map((name) => ({ 'Fn::Sub': `${here}-${name}` }));
    expect(Roles).toEqual(FUNCTION_ROLES.map((Ref) => ({ Ref })));
    expect(PolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'ManageInterfaces', Effect: 'Allow', Action, Resource: '*' },
        {
          Sid: 'NotForTheCode',
          Effect: 'Deny',
          Action,
          Resource: '*',
          Condition: { ArnEquals: { 'lambda:SourceFunctionArn': functions } },
        },
      ],
    });
  });
});

const many = (count: number) => {
  const each = (_: unknown, index: number) => `{ id: t${index}, region: ap-southeast-3, credential: c }`;
  return `targets: [${Array.from({ length: count }, each).join(', ')}]`;
};

// CloudFormation's limit (CloudFormation User Guide, "Understand CloudFormation quotas").
it('as many targets as are allowed, with all that can be had besides, are a stack of 500 resources at the most', async () => {
  const all = 'rules: [{ id: grave, match: { severity_at_least: high }, targets: [t0] }]';
  const { template, remove } = await packageService(many(50), all, PARAMETERS);
  onTestFinished(remove);
  expect(resourcesOf(template, 'AWS::CloudWatch::Alarm').length).toBeGreaterThan(350);
  expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(500);
});

it('more targets than a stack has room for stop the packaging, which says what to do', async () => {
  const error = await packageService(many(51), ALERTS).catch(String);
  const message = '51 targets are enabled, and one stack has room for 50: deploy two services.';
  expect(String(error).split(message)).toHaveLength(2);
  expect(error).not.toMatch(/^\s+at /m);
});

it('a parameter that is wrong, or unknown, stops the packaging and says what would be right', async () => {
  await expect(packageService(TARGETS, ALERTS, { kms_key_arm: KEY, alarm_email: 'nobody' })).rejects.toThrow(
    /alarm_email: must be one e-mail address[\s\S]*kms_key_arm: is not known here; did you mean "kms_key_arn"/,
  );
});

it.each([
  ['infra/settings/targets.yml', `${TARGETS}\n# für alle\n`],
  ['infra/settings/alerts.yml', `${ALERTS}\n# für alle\n`],
  ['infra/settings/parameters.yml', 'default:\n  alarm_email: jürgen@example.com\n'],
])('%s in another encoding stops the packaging at the line of its first wrong byte', async (file, text) => {
  const files = { [file]: Buffer.from(text, 'latin1') };
  await expect(packageService(TARGETS, ALERTS, {}, files)).rejects.toThrow(
    /Invalid \w+ file infra\/settings\/\w+\.yml:\s+line 2, column \d+: is not UTF-8; save the file as UTF-8(?![\s\S]* at )/,
  );
});
