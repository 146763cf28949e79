import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, sections } from '../docs/operations/document.ts';
import { fixture } from '../support/alerts/sample-events.ts';
import { PASSWORD } from '../support/huawei/start-huawei.ts';
import { type DeployedService, deployService } from './deployed-service.ts';
import { personAt } from './shell.ts';

/** What moto 5.2.5 cannot do, by the section that asks for it. */
const LACKING: Record<string, RegExp> = {
  'tasks-dead': /start-message-move-task/,
};

let deployed: DeployedService;
let run: ReturnType<typeof personAt>;

beforeAll(async () => {
  deployed = await deployService();
  const { aws, moto, service, stack } = deployed;
  const secret = JSON.stringify(PASSWORD);
  await aws('secretsmanager', 'create-secret', '--name', 'huawei/acme-prod', '--secret-string', secret);
  const event = JSON.stringify(fixture('guardduty-iam-user'));
  const failed = JSON.stringify({ requestPayload: JSON.parse(event), responsePayload: {} });
  const send = (queue: string, body: string) =>
    aws('sqs', 'send-message', '--queue-url', stack.idOf(queue), '--message-body', body);
  await send('FailedAlertsQueue', failed);
  await send('UndeliveredAlertsQueue', event);
  writeFileSync(join(service.folder, 'acme-prod.json'), secret);
  run = personAt(service.folder, moto);
});

afterAll(() => deployed.close());

const all = sections.flatMap(({ title, text }) =>
  blocksOf(text).map(({ script }, index) => ({ title, number: index + 1, script })),
);

// The second way to take an alert is instead of the first; what follows goes on with the first.
const isSecondWay = ({ title, number }: (typeof all)[number]) =>
  title === 'Send an alert again' && number === 2;
const blocks = [...all.filter((block) => !isSecondWay(block)), ...all.filter(isSecondWay)];

describe('docs/operations.md on a deployed service', () => {
  it.each(blocks)('block $number of $title works as it is written', async ({ title, script }) => {
    const { status, output } = await run(script);
    if (LACKING[title]?.test(script))
      expect(output).toMatch(/StartMessageMoveTask[\s\S]*Internal Server Error/);
    else expect({ status, output }).toEqual({ status: 0, output });
  });
});
