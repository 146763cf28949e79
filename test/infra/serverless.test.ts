import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { rowKey } from '../../lib/adapters/ledger/columns.ts';
import { ENTRY_COLUMNS } from '../../lib/adapters/ledger/rows.ts';
import { ENVIRONMENT_NAMES } from '../../lib/config.ts';
import { readScheduledEvent } from '../../lib/exports/run/event.ts';
import { windowKey } from '../support/ledger/window-rows.ts';
import { packagedOnce, resourcesOf, type Template } from './packaged-service.ts';
import { accessSuite, SECRET_BY_ARN } from './template/access-suite.ts';
import { alertsSuite } from './template/alerts-suite.ts';
import { conditionsSuite } from './template/conditions-suite.ts';
import { dashboardSuite } from './template/dashboard-suite.ts';
import { valuesSuite } from './template/values-suite.ts';

const TARGETS = `
targets:
  - { id: acme-prod, region: ap-southeast-3, credential: huawei/acme }
  - { id: acme-eu, region: ap-southeast-1, credential: huawei/acme, schedule: rate(6 hours) }
  - { id: beta, region: la-south-2, credential: "${SECRET_BY_ARN}", schedule: cron(5 6 * * ? *), schedule_time_zone: Asia/Tokyo }
  - { id: asleep, region: ap-southeast-3, credential: huawei/asleep, enabled: false }
`;

const ALERTS = `
rules:
  - { id: people, match: { source: aws.guardduty, type: "UnauthorizedAccess:" }, targets: [acme-prod] }
  - { id: grave, match: { severity_at_least: high }, targets: [acme-eu] }
`;

let service: Awaited<ReturnType<typeof packagedOnce>>;
let template: Template;

beforeAll(async () => {
  service = await packagedOnce(TARGETS, ALERTS);
  template = service.template;
});

const properties = (name: string) => template.Resources[name]?.Properties ?? {};
const attribute = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

describe('packaging', () => {
  it('says nothing that would worry anyone', () => {
    expect(service.output).not.toMatch(/warn|error|deprecat|cannot|fail/i);
  });
});

describe('the functions', () => {
  it('are in the zips that are deployed, under the name that Lambda calls', async () => {
    const state = JSON.parse(
      await readFile(join(service.folder, '.serverless/serverless-state.json'), 'utf8'),
    );
    const functions = Object.values<{ handler: string; package: { artifact: string } }>(
      state.service.functions,
    );
    expect(functions).toHaveLength(2);
    for (const { handler, package: packaged } of functions) {
      const [file, name = ''] = handler.split('.');
      const folder = join(service.folder, packaged.artifact.replace(/\.zip$/, ''));
      const bundle = await import(/* @vite-ignore */ pathToFileURL(join(folder, `${file}.mjs`)).href);
      expect(bundle[name]).toBeTypeOf('function');
    }
  });

  it('are given the environment that the code knows, and no other', () => {
    const names = (name: string) => {
      const { Variables } = properties(name)['Environment'] as { Variables: object };
      return Object.keys(Variables).sort();
    };
    expect(names('ScheduledExportLambdaFunction')).toEqual([...ENVIRONMENT_NAMES].sort());
    expect(names('AlertExportLambdaFunction')).toEqual([...ENVIRONMENT_NAMES].sort());
  });

  it('report what failed for good to a queue each', () => {
    const configs = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig');
    expect(configs.map(([, { Properties }]) => Properties['DestinationConfig'])).toEqual([
      { OnFailure: { Destination: attribute('FailedRunsQueue') } },
      { OnFailure: { Destination: attribute('FailedAlertsQueue') } },
    ]);
  });
});

describe('the schedules', () => {
  it('are one for each enabled target, none for a disabled one, and the sweep', () => {
    const schedules = resourcesOf(template, 'AWS::Scheduler::Schedule').map(
      ([, { Properties }]) => Properties,
    );
    expect(
      schedules.map((it) => [it['Name'], it['ScheduleExpression'], it['ScheduleExpressionTimezone']]),
    ).toEqual([
      ['acme-prod', 'cron(35 0 * * ? *)', 'UTC'],
      ['acme-eu', 'rate(6 hours)', 'UTC'],
      ['beta', 'cron(5 6 * * ? *)', 'Asia/Tokyo'],
      ['_sweep', 'rate(15 minutes)', 'UTC'],
    ]);
    expect(schedules.map((it) => it['FlexibleTimeWindow'])).toEqual(Array(4).fill({ Mode: 'OFF' }));
  });

  it('start the function with the target, or the sweep, and the time that the run stands for', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Scheduler::Schedule')) {
      const target = Properties['Target'] as Record<string, unknown>;
      expect(target['Arn']).toEqual(attribute('ScheduledExportLambdaFunction'));
      const name = Properties['Name'];
      expect(JSON.parse(String(target['Input']))).toEqual({
        ...(name === '_sweep' ? { sweep: true } : { target_id: name }),
        scheduled_time: '<aws.scheduler.scheduled-time>',
        schedule_arn: '<aws.scheduler.schedule-arn>',
      });
      expect(target['DeadLetterConfig']).toEqual({ Arn: attribute('UndeliveredRunsQueue') });
    }
  });
});

describe('what a schedule sends', () => {
  it('is an event that the function reads', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Scheduler::Schedule')) {
      const { Input } = Properties['Target'] as { Input: string };
      const event = JSON.parse(Input.replace('<aws.scheduler.scheduled-time>', '2026-11-23T00:35:00Z'));
      const { targetId, sweep } = readScheduledEvent(event);
      const isSweep = Properties['Name'] === '_sweep';
      expect([targetId, sweep]).toEqual(isSweep ? [undefined, true] : [Properties['Name'], false]);
    }
  });
});

valuesSuite(() => template);
conditionsSuite(() => template);
accessSuite(() => template);
alertsSuite(() => template);
dashboardSuite(() => template);

describe('the queues', () => {
  it('of dead letters are standard ones, the only kind that Scheduler and Lambda write to', () => {
    for (const [name, { Properties }] of resourcesOf(template, 'AWS::SQS::Queue')) {
      expect(Properties['FifoQueue'], name).toBeUndefined();
      expect(Properties['QueueName'], name).not.toMatch(/\.fifo$/);
    }
  });
});

describe('the ledger table', () => {
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];

  it('has the keys that the ledger writes', () => {
    const [hash = '', range = ''] = Object.keys(rowKey(windowKey()));
    expect(properties('LedgerTable')['KeySchema']).toEqual(keys(hash, range));
  });

  it('has an index by end, of what the ledger lists and no more, and one of what is open, whole', () => {
    const named = ['target_id', 'window', 'window_end'];
    const listed = ENTRY_COLUMNS.filter((column) => !named.includes(column));
    expect(properties('LedgerTable')['LocalSecondaryIndexes']).toEqual([
      {
        IndexName: 'by_end',
        KeySchema: keys('target_id', 'window_end'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: listed },
      },
      {
        IndexName: 'open',
        KeySchema: keys('target_id', 'open'),
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
  });
});

describe('the outputs', () => {
  it('name what consumers and operators need', () => {
    const values = Object.entries(template.Outputs).map(([name, { Value }]) => [name, Value]);
    const ref = (name: string) => ({ Ref: name });
    expect(Object.fromEntries(values)).toEqual({
      // That of osls itself.
      ServerlessDeploymentBucketName: ref('ServerlessDeploymentBucket'),
      TaskQueueUrl: ref('TaskQueue'),
      TaskQueueArn: attribute('TaskQueue'),
      TaskDeadLetterQueueUrl: ref('TaskDeadLetterQueue'),
      FailedRunsQueueUrl: ref('FailedRunsQueue'),
      UndeliveredRunsQueueUrl: ref('UndeliveredRunsQueue'),
      FailedAlertsQueueUrl: ref('FailedAlertsQueue'),
      UndeliveredAlertsQueueUrl: ref('UndeliveredAlertsQueue'),
      LedgerTableName: ref('LedgerTable'),
      AlarmTopicArn: ref('AlarmTopic'),
      ScheduledExportFunctionName: ref('ScheduledExportLambdaFunction'),
      AlertExportFunctionName: ref('AlertExportLambdaFunction'),
    });
  });
});
