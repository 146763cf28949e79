import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { startFauxqs } from '../support/aws/fauxqs-server.ts';
import { folderWith, runBuilt } from './built-code.ts';

it('bundles of a package that is loaded late only what is taken of it', async () => {
  const root = await folderWith({
    'functions/probe.ts': `
      export const handler = async () => {
        const { SQSClient, SendMessageCommand } = await import('@aws-sdk/client-sqs');
        return [SQSClient, SendMessageCommand];
      };`,
  });
  await buildFunctions({ root, functions: ['probe'] });
  const bundle = await readFile(join(root, 'dist/probe/index.mjs'), 'utf8');
  const operations = bundle.match(/"(SendMessage|PurgeQueue|CreateQueue)"/g) ?? [];
  expect([...new Set(operations)]).toEqual(['"SendMessage"']);
});

it('evaluates an SDK client when its import runs, not before, and the client works', async () => {
  const source = `
    export const handler = async ({ clientConfig, QueueUrl }) => {
      const { SQSClient, SendMessageCommand } = await import('@aws-sdk/client-sqs');
      await new SQSClient(clientConfig).send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
      return loadedAtStart;
    };`;
  const { clientConfig, createQueue, receive, close } = await startFauxqs();
  onTestFinished(close);
  const QueueUrl = await createQueue('tasks');
  expect(await runBuilt(source, { clientConfig, QueueUrl })).toEqual([]);
  expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['hello']);
});
