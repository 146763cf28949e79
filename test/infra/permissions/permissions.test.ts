import { beforeAll, describe, expect, it } from 'vitest';
import { type Resolver, resolver } from '../intrinsics.ts';
import { packagedOnce, resourcesOf } from '../packaged-service.ts';
import { type Call, covers, isAllowed, permissionsOf } from './allowed.ts';
import { runAlerts, runSchedules, startServices } from './deployed-runs.ts';
import { callsDuring } from './recorded-calls.ts';

const CREDENTIAL = 'huawei/acme-prod';
const TARGETS = `targets: [{ id: acme-prod, region: ap-southeast-3, credential: ${CREDENTIAL} }]`;
const PLACE = { account: '111122223333', region: 'eu-central-1' };

let service: Awaited<ReturnType<typeof packagedOnce>>;
let stack: Resolver;

beforeAll(async () => {
  service = await packagedOnce(TARGETS, 'rules: [{ id: all, match: {}, targets: [acme-prod] }]');
  stack = resolver({ ...PLACE, template: service.template, idOf: nameGiven });
});

type Run = typeof runSchedules | typeof runAlerts;

describe.each([
  ['ScheduledExportRole', 'ScheduledExportLambdaFunction', runSchedules],
  ['AlertExportRole', 'AlertExportLambdaFunction', runAlerts],
] as const)('the role %s', (role, name, run) => {
  it('is that of its function', () => {
    expect(stack.resolve(properties(name)['Role'])).toBe(stack.arnOf(role));
  });

  it('allows every call that the code makes, on exactly that resource, and nothing that is never called', async () => {
    const made = await callsOf(name, run);
    expect(made.map(({ action }) => action)).toContain('sqs:SendMessage');
    expectExactly(role, [...made, ...byLambda(name)]);
  });
});

it('the role SchedulerRole allows what the schedules start and where they report, and nothing else', () => {
  const schedules = resourcesOf(service.template, 'AWS::Scheduler::Schedule');
  const targets = schedules.map(([, it]) => targetOf(it.Properties));
  expect(targets).not.toEqual([]);
  for (const { roleArn } of targets) expect(roleArn).toBe(stack.arnOf('SchedulerRole'));
  expectExactly('SchedulerRole', targets.flatMap(byScheduler));
});

it('no role is without a test here', () => {
  const names = resourcesOf(service.template, 'AWS::IAM::Role').map(([name]) => name);
  expect(names.sort()).toEqual(['AlertExportRole', 'ScheduledExportRole', 'SchedulerRole']);
  expect(resourcesOf(service.template, 'AWS::IAM::Policy')).toEqual([]);
});

function expectExactly(role: string, calls: readonly Call[]): void {
  const permissions = permissionsOf(stack.resolve(properties(role)) as Record<string, unknown>);
  expect(
    calls.filter((call) => !isAllowed(permissions, call)),
    'called and not allowed',
  ).toEqual([]);
  const unused = permissions.filter((permission) => !calls.some((call) => covers(permission, call)));
  expect(unused, 'allowed and never called').toEqual([]);
  const elsewhere = calls.map((call) => ({ ...call, resource: neighbourOf(call.resource) }));
  expect(
    elsewhere.filter((call) => isAllowed(permissions, call)),
    'allowed on something else',
  ).toEqual([]);
}

// The same kind of thing by another name: what would a role be able to do to a neighbour?
function neighbourOf(arn: string): string {
  return arn.replace(/(workspace-login-export-prod|huawei)/, 'another');
}

async function callsOf(name: string, run: Run): Promise<Call[]> {
  const { Variables } = Object(stack.resolve(properties(name)['Environment']));
  const services = await startServices(CREDENTIAL, Variables);
  return callsDuring(PLACE, () => run(services, { ...Variables, LOG_LEVEL: 'ERROR' }));
}

/**
 * What Lambda does with a function's role by itself: it writes the log, and reports what failed for good. Source: Lambda
 * Developer Guide, "Execution role" and "Capturing records of asynchronous invocations".
 */
function byLambda(name: string): Call[] {
  const { FunctionName: functionName } = properties(name);
  const log = `arn:aws:logs:${PLACE.region}:${PLACE.account}:log-group:/aws/lambda/${functionName}:log-stream:2026/11/24/[$LATEST]0a1b`;
  const configs = resourcesOf(service.template, 'AWS::Lambda::EventInvokeConfig').map(([, it]) =>
    Object(stack.resolve(it.Properties)),
  );
  const failures = configs.filter((config) => config.FunctionName === functionName);
  return [
    { action: 'logs:CreateLogStream', resource: log },
    { action: 'logs:PutLogEvents', resource: log },
    ...failures.map((config) => ({
      action: 'sqs:SendMessage',
      resource: config.DestinationConfig.OnFailure.Destination,
    })),
  ];
}

type Target = { functionArn: string; deadLetterArn: string; roleArn: string };

/** What EventBridge Scheduler does with a schedule's role (EventBridge Scheduler User Guide, "Execution role"). */
function byScheduler({ functionArn, deadLetterArn }: Target): Call[] {
  return [
    { action: 'lambda:InvokeFunction', resource: functionArn },
    { action: 'sqs:SendMessage', resource: deadLetterArn },
  ];
}

function targetOf(schedule: Record<string, unknown>): Target {
  const { Arn, RoleArn, DeadLetterConfig } = Object(stack.resolve(schedule['Target']));
  return { functionArn: Arn, deadLetterArn: DeadLetterConfig.Arn, roleArn: RoleArn };
}

function properties(name: string): Record<string, unknown> {
  return service.template.Resources[name]?.Properties ?? {};
}

// Every resource has the name that the template gives it; CloudFormation makes that of a role.
function nameGiven(logicalId: string): string | undefined {
  const resource = service.template.Resources[logicalId];
  if (resource?.Type === 'AWS::IAM::Role') return `workspace-login-export-prod-${logicalId}`;
  const { QueueName, TableName, FunctionName, Name } = Object(resource?.Properties);
  if (QueueName) return `https://sqs.${PLACE.region}.amazonaws.com/${PLACE.account}/${QueueName}`;
  return TableName ?? FunctionName ?? Name;
}
