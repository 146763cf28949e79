import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../lib/emulator/emulator.ts';
import { blocksOf, ROOT, sectionsOf } from '../docs/operations/document.ts';
import { PASSWORD } from '../support/huawei/start-huawei.ts';
import { awsCli } from './aws-cli.ts';
import { copyService, STACK } from './deployment.ts';
import { makeWhatIsLacking } from './lacking-in-moto.ts';
import { type Moto, startMoto } from './moto.ts';
import { personAt, type Ran } from './shell.ts';
import { readStack } from './stack.ts';

// docs/deploy.md from an empty account to an empty account, block after block, as a person would type it.

const sections = sectionsOf(readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8'));

let emulator: Emulator;
let moto: Moto;
let folder: string;
let run: (block: string) => Promise<Ran>;

beforeAll(async () => {
  emulator = createEmulator({ tokenSize: 200 });
  const { origin } = await emulator.listen();
  moto = await startMoto();
  folder = await copyService(origin);
  run = personAt(folder, moto);
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([moto.stop(), emulator.close()]);
});

/** Runs the blocks of a section, or the one with that number; answers with what they printed. */
async function follow(title: string, ...numbers: number[]): Promise<string> {
  const text = sections.find((section) => section.title === title)?.text;
  if (text === undefined) throw new Error(`docs/deploy.md has no "${title}".`);
  let printed = '';
  for (const [index, { script }] of blocksOf(text).entries()) {
    if (numbers.length > 0 && !numbers.includes(index + 1)) continue;
    const { status, output } = await run(script);
    expect({ status, output }).toEqual({ status: 0, output });
    printed += output;
  }
  return printed;
}

const aws = (...words: string[]) => awsCli(moto.environment)(...words);

it('the Huawei side is tried before there is anything on AWS', async () => {
  mkdirSync(join(folder, '.login-export'));
  writeFileSync(join(folder, '.login-export/secrets.json'), JSON.stringify({ 'huawei/acme-prod': PASSWORD }));
  expect(await follow('1. The Huawei side')).toMatch(/✓ export permission[\s\S]*✓ list permission/);
});

it('the deployer and the secret are made', async () => {
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  await aws('iam', 'create-role', '--role-name', 'deployer', '--assume-role-policy-document', trust);
  await follow('2. Who deploys');
  writeFileSync(join(folder, 'acme-prod.json'), JSON.stringify(PASSWORD));
  await follow('3. The secret');
});

it('the service is packaged and deployed', async () => {
  const title = '5. Look, then deploy';
  await follow(title, 1);
  const file = join(folder, '.serverless/cloudformation-template-update-stack.json');
  const template = JSON.parse(readFileSync(file, 'utf8'));
  expect(await follow(title, 2)).toContain(`Service deployed to stack ${STACK}`);
  await makeWhatIsLacking(aws, await readStack(aws, STACK, template));
});

it('the first run is started by hand, and all of it can be looked at', async () => {
  expect(await follow('6. The first run')).toContain('workspace-login-export-prod-acme-prod-coverage-stale');
});

it('what a failed deployment asks to be looked at can be', async () => {
  await follow('When a deployment fails');
});

it('the service is removed, and what it left can be named to CloudFormation', async () => {
  await follow('Remove', 1);
  await follow('Deploy again after a removal', 1);
  const imported = JSON.parse(readFileSync(join(folder, 'import.json'), 'utf8'));
  const queue = (name: string) => ({
    QueueUrl: `https://sqs.eu-central-1.amazonaws.com/111122223333/workspace-login-export-prod-${name}`,
  });
  expect(imported).toEqual([
    {
      LogicalResourceId: 'LedgerTable',
      ResourceType: 'AWS::DynamoDB::Table',
      ResourceIdentifier: { TableName: 'workspace-login-export-prod-ledger' },
    },
    { LogicalResourceId: 'TaskQueue', ResourceType: 'AWS::SQS::Queue', ResourceIdentifier: queue('tasks') },
    {
      LogicalResourceId: 'TaskDeadLetterQueue',
      ResourceType: 'AWS::SQS::Queue',
      ResourceIdentifier: queue('tasks-dead'),
    },
  ]);
});

it('the rest is deleted for good', async () => {
  await follow('Remove', 2);
  expect(await aws('dynamodb', 'list-tables')).toEqual({ TableNames: [] });
  expect(await aws('sqs', 'list-queues')).toBeUndefined();
});
