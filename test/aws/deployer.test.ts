import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PackagedService, packageService } from '../infra/packaged-service.ts';
import { EVERY_PARAMETER } from './every-parameter.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TARGETS = 'targets: [{ id: acme-prod, region: ap-southeast-3, credential: huawei/acme-prod }]';
const ALERTS = 'rules: [{ id: all, match: {}, targets: [acme-prod] }]';

/** What osls itself calls, besides what CloudFormation does for it (its code, lib/plugins/aws). */
const BY_OSLS = /^cloudformation:|^s3:(DeleteObjectVersion|GetBucketLocation|ListBucketVersions|PutObject)$/;

/** What CloudFormation would call for what this stack does not have, and why the deployer is not allowed it. */
const NOT_NEEDED: [actions: RegExp, why: string][] = [
  [/^kms:/, 'The policy of the key allows it (infra/key-policy.json)'],
  [/^dynamodb:DeleteTable$/, 'The ledger outlives the stack'],
  [/^dynamodb:\w*(Replica|Import|Kinesis|ContributorInsights|ResourcePolicy)\w*$/, 'Features not used'],
  [/^dynamodb:(BatchWriteItem|(Get|Put|Update|Delete)Item|Query|Scan)$/, 'Rows, for replicas and imports'],
  [/^iam:CreateServiceLinkedRole$/, 'For replicas'],
  [/^iam:(Attach|Detach)RolePolicy$|PermissionsBoundary$/, 'Roles have inline policies only'],
  [/^iam:\w+(Group|User)Policy$/, 'There are neither users nor groups'],
  [/^(kinesis|firehose|elasticfilesystem|s3files|s3tables):/, 'Services not used'],
  [
    /^lambda:\w*(CodeSigningConfig|LayerVersion|CapacityProvider|RuntimeAlias|PublishVersion)$/,
    'Features not used',
  ],
  [/^lambda:Put(FunctionRecursion|FunctionScaling|RuntimeManagement)Config$/, 'Features not used'],
  [
    /^logs:\w*(DataProtectionPolicy|IndexPolicy|ResourcePolicy|BearerToken\w+|LogDelivery|DeletionProtection)$/,
    'Features not used',
  ],
  [/^logs:\w*(LogStreams?|LogEvents)$/, 'Logs themselves, for imports'],
  [
    /^s3:\w*(Accelerate|Analytics|Abac|Acl|CORS|Cors|Logging|Metadata|Notification|ObjectLock|OwnershipControls)\w*$/,
    'Features not used',
  ],
  [
    /^s3:\w*(Versioning|Website|IntelligentTiering|Inventory|Lifecycle|Metrics|Replication)\w*$/,
    'Features not used',
  ],
  [/^s3:(DeleteBucketEncryption|GetObjectVersion|REST\.PUT\.OBJECT)$/, 'Features not used'],
  [/^sns:PutDataProtectionPolicy$/, 'Features not used'],
];

type Handlers = Record<string, { permissions?: string[] }>;
type Statement = { Effect: string; Action: string | string[]; Resource: string | string[] };

let service: PackagedService;
let needed: Set<string>;

beforeAll(async () => {
  service = await packageService(TARGETS, ALERTS, EVERY_PARAMETER);
  needed = actionsNeeded();
});

afterAll(() => service.remove());

const policy: { Statement: Statement[] } = JSON.parse(
  readFileSync(join(ROOT, 'infra', 'deployer-policy.json'), 'utf8'),
);
const allowed = new Set(policy.Statement.flatMap(({ Action }) => Action));

/** What CloudFormation calls to make, change and delete each type: from the schemas of its registry, which cfn-lint brings. */
function handlersByType(): Map<string, Handlers> {
  const files = globSync(
    join(ROOT, '.venv/lib/python3*/site-packages/cfnlint/data/schemas/resources/*.json'),
  );
  const schemas = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
  return new Map(
    schemas.filter(({ handlers }) => handlers).map(({ typeName, handlers }) => [typeName, handlers]),
  );
}

function actionsNeeded(): Set<string> {
  const byType = handlersByType();
  const types = new Set(Object.values(service.template.Resources).map(({ Type }) => Type));
  const actions = [...types].flatMap((type) => {
    const { list: _, ...handlers } = byType.get(type) ?? {};
    if (Object.keys(handlers).length === 0) throw new Error(`Nothing is known of how ${type} is made.`);
    return Object.values(handlers).flatMap(({ permissions = [] }) => permissions);
  });
  return new Set(actions);
}

it('the deployer may do all that CloudFormation does for this stack, but for what is listed', () => {
  const missing = [...needed].filter((action) => !allowed.has(action));
  expect(missing.filter((action) => !NOT_NEEDED.some(([actions]) => actions.test(action)))).toEqual([]);
  for (const [actions, why] of NOT_NEEDED)
    expect(
      missing.some((action) => actions.test(action)),
      why,
    ).toBe(true);
});

it('and nothing else than that and what osls does', () => {
  const more = [...allowed].filter((action) => !needed.has(action));
  expect(more.filter((action) => !BY_OSLS.test(action))).toEqual([]);
});

it('on the names of this service alone, where AWS can tell them apart', () => {
  const wide = policy.Statement.filter(({ Resource }) => [Resource].flat().includes('*'));
  expect(wide.flatMap(({ Action }) => Action).sort()).toEqual([
    'cloudformation:ValidateTemplate',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
  ]);
  for (const { Resource } of policy.Statement.filter((statement) => !wide.includes(statement)))
    for (const resource of [Resource].flat()) expect(resource).toContain('workspace-login-export-');
});
