import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { SAMPLES } from '../../lib/build/settings-documents.ts';
import { startFauxqs } from '../support/aws/fauxqs-server.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';
import { type BuiltModule, builtModules, folderWith, runBuilt, writeFiles } from './built-code.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const SQS = {
  'functions/late.ts': `
    import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
    export const send = ({ clientConfig, QueueUrl }) =>
      new SQSClient(clientConfig).send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));`,
};

const SENDER = `
  export const handler = async (event) => {
    const { send } = await import('./late.ts');
    await send(event);
    return loadedAtStart;
  };`;

it.each(['scheduled-export', 'alert-export'])(
  'at the start of %s no SDK client and no HTTP client is loaded',
  async (name) => {
    const outputFolder = temporaryFolder();
    await buildFunctions({ root: ROOT, functions: [name], outputFolder, settings: SAMPLES });
    const modules = await builtModules(join(outputFolder, name));
    const clientsIn = (ones: readonly BuiltModule[]) =>
      new Set(ones.flatMap(({ sources }) => sources.flatMap((source) => CLIENT.exec(source)?.[1] ?? [])));
    expect(clientsIn(modules.filter(({ atStart }) => atStart))).toEqual(new Set());
    expect(clientsIn(modules.filter(({ atStart }) => !atStart))).toEqual(
      new Set([
        '@aws-sdk/client-dynamodb',
        '@aws-sdk/client-secrets-manager',
        '@aws-sdk/client-sqs',
        'undici',
      ]),
    );
  },
);

const CLIENT = /node_modules\/(@aws-sdk\/client-[a-z-]+|undici)\//;

it('takes of a package only what a file that is loaded late imports of it', async () => {
  const root = await folderWith({ 'functions/probe.ts': SENDER, ...SQS });
  await buildFunctions({ root, functions: ['probe'] });
  const modules = await builtModules(join(root, 'dist', 'probe'));
  const operations = modules.flatMap(
    ({ code }) => code.match(/"(SendMessage|PurgeQueue|CreateQueue)"/g) ?? [],
  );
  expect([...new Set(operations)]).toEqual(['"SendMessage"']);
});

it('evaluates what is loaded late when its import runs, not before, with the modules of Node that it needs', async () => {
  const { clientConfig, createQueue, receive, close } = await startFauxqs();
  onTestFinished(close);
  const QueueUrl = await createQueue('tasks');
  const atStart = await runBuilt(SENDER, { clientConfig, QueueUrl }, { files: SQS });
  expect(atStart).toEqual(expect.not.arrayContaining(['crypto']));
  expect(atStart).toEqual(expect.not.arrayContaining(['https']));
  expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['hello']);
});

it('leaves no chunk of an earlier build', async () => {
  const root = await folderWith({ 'functions/probe.ts': SENDER, ...SQS });
  const build = async (late: string) => {
    await writeFiles(root, { 'functions/late.ts': late });
    await buildFunctions({ root, functions: ['probe'] });
    return (await builtModules(join(root, 'dist', 'probe'))).map(({ file }) => basename(file));
  };
  expect(await build('export const send = () => 1;')).toHaveLength(2);
  expect(await build('export const send = () => 2;')).toHaveLength(2);
});

it('finds the modules of Node for CommonJS, and gives the names of those that are imported late', async () => {
  const source = `
    import { Agent as Undici } from './client.js';
    export const handler = async () => {
      const { Agent, default: http } = await import('node:http');
      return [new Agent() instanceof http.Agent, typeof Undici];
    };`;
  const files = {
    'functions/client.js': `export { Agent } from './vendor.cjs';`,
    'functions/vendor.cjs': `module.exports = { Agent: require('node:http').Agent };`,
  };
  expect(await runBuilt(source, null, { files })).toEqual([true, 'function']);
});

it('refuses a late import of CommonJS, whose names would be lost', async () => {
  const root = await folderWith({
    'functions/probe.ts': `export const handler = async () => (await import('mnemonist')).Heap;`,
  });
  await expect(buildFunctions({ root, functions: ['probe'] })).rejects.toThrow('which is CommonJS');
});

it('refuses a function without a handler', async () => {
  const root = await folderWith({ 'functions/probe.ts': 'export const handle = () => 1;' });
  await expect(buildFunctions({ root, functions: ['probe'] })).rejects.toThrow('does not export "handler"');
});
