import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../lib/emulator/scenarios/scenario.ts';
import { changed } from '../support/alerts/sample-events.ts';
import { PASSWORD } from '../support/huawei/start-huawei.ts';
import { roleWithout, whilePermissionsCount } from './denied.ts';
import { type DeployedService, deployService } from './deployed-service.ts';
import { STACK } from './deployment.ts';
import { LACKING_IN_MOTO } from './lacking-in-moto.ts';
import { received, requestStates, rowStates } from './what-is-left.ts';

const WRONG_PASSWORD = 'fake-wrong-password-0b7e';
const ALWAYS_THROTTLED: ScenarioInput = {
  steps: [{ on: 'export', times: 'always', effect: { type: 'throttle' } }],
};

// One deployment and one story, in this order: all that goes wrong before the first export, the exports, and the end.
let deployed: DeployedService;

beforeAll(async () => {
  deployed = await deployService();
});

afterAll(() => deployed.close());

describe('osls deploy', () => {
  it('makes every resource of the packaged template, but for those that moto passes over', async () => {
    const { aws, service } = deployed;
    const { Stacks: stacks } = await aws('cloudformation', 'describe-stacks');
    expect(stacks).toMatchObject([{ StackName: STACK, StackStatus: 'UPDATE_COMPLETE' }]);
    const { StackResourceSummaries: made } = await aws(
      'cloudformation',
      'list-stack-resources',
      '--stack-name',
      STACK,
    );
    const ids = made.map((each: Record<string, string>) => each['LogicalResourceId']);
    const missing = Object.entries(service.template.Resources).filter(([name]) => !ids.includes(name));
    expect(new Set(missing.map(([, { Type }]) => Type))).toEqual(new Set(Object.keys(LACKING_IN_MOTO)));
  });

  it('leaves alarms that CloudWatch has taken, and a dashboard with the region filled in', async () => {
    const { aws, stack } = deployed;
    const { MetricAlarms: alarms } = await aws('cloudwatch', 'describe-alarms');
    expect(alarms).toHaveLength(stack.resources('AWS::CloudWatch::Alarm').length);
    const name = stack.idOf('Dashboard');
    const { DashboardBody: body } = await aws('cloudwatch', 'get-dashboard', '--dashboard-name', name);
    expect(body).not.toContain('AWS::');
    expect(JSON.parse(body).widgets[1].properties.region).toBe('eu-central-1');
  });
});

describe('before anything is exported', () => {
  it('a secret that is missing is named, and how the run failed reaches Lambda', async () => {
    expect(await failureOfRun()).toMatch(/A secret is missing in Secrets Manager:\s+huawei\/acme-prod/);
  });

  it('a wrong password is told as such, and nowhere repeated', async () => {
    const { aws } = deployed;
    const secret = JSON.stringify({ ...PASSWORD, password: WRONG_PASSWORD });
    await aws('secretsmanager', 'create-secret', '--name', 'huawei/acme-prod', '--secret-string', secret);
    const lambda = await deployed.load('ScheduledExportLambdaFunction');
    const answer = await lambda.invoke(await deployed.sentBy('ScheduleGroup', 'acme-prod'));
    expect(JSON.stringify(answer)).toMatch(/The username or password is wrong/);
    expect(JSON.stringify(answer) + lambda.output()).not.toContain(WRONG_PASSWORD);
    expect(await rowStates(deployed)).toEqual(['failed']);
  });

  it('a throttled Huawei is told as such, once its patience is over', async () => {
    await store(PASSWORD);
    deployed.emulator.setScenario(ALWAYS_THROTTLED);
    expect(await failureOfRun()).toMatch(/429/);
    deployed.emulator.setScenario({});
    expect(deployed.emulator.tasks()).toEqual([]);
  });

  it('a queue that denies is told as such, and the task that Huawei accepted is kept', async () => {
    const role = await roleWithout(deployed.aws, 'sqs:SendMessage');
    const lambda = await deployed.load('ScheduledExportLambdaFunction', role);
    const event = await deployed.sentBy('ScheduleGroup', 'acme-prod');
    const answer = await whilePermissionsCount(deployed.moto, () => lambda.invoke(event));
    expect(JSON.stringify(answer)).toMatch(/Could not send task \w+ to the queue .*-tasks: /);
    expect(await rowStates(deployed)).toEqual(['submitted']);
    expect(await received(deployed)).toEqual([]);
  });
});

describe('the scheduled export', () => {
  it('makes good what failed: the message is on the queue of the stack, and Huawei is not asked again', async () => {
    const lambda = await deployed.load('ScheduledExportLambdaFunction');
    const answer = await lambda.invoke(await deployed.sentBy('ScheduleGroup', 'acme-prod'));
    expect(answer).toMatchObject({ result: { targets: [{ target_id: 'acme-prod', failed: [] }] } });
    const [task, ...more] = deployed.emulator.tasks();
    expect(more).toEqual([]);
    const [first, ...others] = await received(deployed);
    expect(others).toEqual([]);
    expect(first?.message.data).toMatchObject({ task_id: task?.id, reason: 'routine', attempt: 1 });
    expect(first?.message.source).toBe('workspace-login-export/acme-prod');
    expect(first?.attributes).toEqual({
      type: 'workspace.login-export.task-submitted.v1',
      target_id: 'acme-prod',
      region: 'ap-southeast-3',
      reason: 'routine',
    });
  });

  it('confirms with what the sweep sends', async () => {
    const lambda = await deployed.load('ScheduledExportLambdaFunction');
    const answer = await lambda.invoke(await deployed.sentBy('ScheduleGroup', '_sweep'));
    expect(answer).toMatchObject({ result: { targets: [{ target_id: 'acme-prod', confirmed: 1 }] } });
    expect(await rowStates(deployed)).toEqual(['confirmed']);
  });
});

describe('the export for alerts', () => {
  it('exports for a finding whose time is over, and keeps what it asks for until the sweep has seen it confirmed', async () => {
    const lambda = await deployed.load('AlertExportLambdaFunction');
    const seen = new Date(Date.now() - 3 * 3_600_000).toISOString();
    const first = changed('guardduty-iam-user', 'detail.service.eventFirstSeen', seen);
    const answer = await lambda.invoke(changed(first, 'detail.service.eventLastSeen', seen));
    expect(answer).toMatchObject({ result: { targets: [{ target_id: 'acme-prod', failed: [] }] } });
    const messages = await received(deployed);
    expect(messages.map(({ message }) => message.data.reason)).toEqual(['alert', 'alert']);
    expect(await requestStates(deployed)).toEqual(['open', 'open']);
    const sweep = await deployed.load('ScheduledExportLambdaFunction');
    await sweep.invoke(await deployed.sentBy('ScheduleGroup', '_sweep'));
    expect(await requestStates(deployed)).toEqual(['served', 'served']);
  });
});

describe('a table that is missing', () => {
  it('is named, and no export is ordered without it', async () => {
    const { load, sentBy, emulator } = deployed;
    const before = emulator.tasks().length;
    const elsewhere = { LEDGER_TABLE: 'deleted-by-somebody' };
    const lambda = await load('ScheduledExportLambdaFunction', elsewhere);
    const answer = await lambda.invoke(await sentBy('ScheduleGroup', 'acme-prod'));
    expect(JSON.stringify(answer)).toMatch(/ledger table deleted-by-somebody: ResourceNotFound/);
    expect(emulator.tasks()).toHaveLength(before);
  });
});

describe('osls remove', () => {
  it('keeps the ledger, and the task queue with what is on it', async () => {
    const { aws, service, stack } = deployed;
    const queue = ['--queue-url', stack.idOf('TaskQueue')];
    await aws('sqs', 'send-message', ...queue, '--message-body', 'not taken yet');
    const rows = await rowStates(deployed);
    await service.osls('remove');
    const { StackSummaries: stacks } = await aws('cloudformation', 'list-stacks');
    expect(stacks).toMatchObject([{ StackName: STACK, StackStatus: 'DELETE_COMPLETE' }]);
    expect(await aws('lambda', 'list-functions')).toEqual({ Functions: [] });
    const { QueueUrls: queues } = await aws('sqs', 'list-queues');
    const names = queues.map((url: string) => url.split('/').at(-1));
    expect(names.sort()).toEqual([`${STACK}-tasks`, `${STACK}-tasks-dead`]);
    const left = await aws('sqs', 'receive-message', ...queue);
    expect(left.Messages).toMatchObject([{ Body: 'not taken yet' }]);
    expect(rows).not.toEqual([]);
    expect(await rowStates(deployed)).toEqual(rows);
  });
});

async function failureOfRun(): Promise<string> {
  const lambda = await deployed.load('ScheduledExportLambdaFunction');
  const answer = await lambda.invoke(await deployed.sentBy('ScheduleGroup', 'acme-prod'));
  return 'error' in answer ? answer.error.message : `no failure: ${JSON.stringify(answer)}`;
}

function store(secret: unknown) {
  const words = ['--secret-id', 'huawei/acme-prod', '--secret-string', JSON.stringify(secret)];
  return deployed.aws('secretsmanager', 'put-secret-value', ...words);
}
