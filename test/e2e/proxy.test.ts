import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Temporal } from 'temporal-polyfill';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { createEmulator } from '../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import { startAws } from '../support/aws/aws.ts';
import { deployLambda } from '../support/deployed/lambda.ts';
import { PASSWORD, secretsFile } from '../support/huawei/start-huawei.ts';
import { CA_FILE, connectProxy, forwardTo, tlsServer } from '../support/network/tls-proxy.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** A made-up Huawei under names that only a proxy knows, with a certificate that only our own authority vouches for. */
async function behindProxy() {
  const emulator = createEmulator({});
  const { origin } = await emulator.listen();
  onTestFinished(() => emulator.close());
  const proxy = await connectProxy(await tlsServer(forwardTo(origin)));
  const folder = temporaryFolder();
  const targets = join(folder, 'targets.yml');
  const endpoints = {
    iam: 'https://iam.huawei.example',
    export: 'https://export.huawei.example',
    tasks: 'https://tasks.huawei.example',
  };
  const target = { id: 'acme', region: DEMO_ACCOUNT.project.name, credential: 'huawei/acme', endpoints };
  writeFileSync(targets, stringify({ targets: [target] }));
  const environment = {
    HTTPS_PROXY: `http://fake-user:fake-proxy-pass@127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: CA_FILE,
  };
  return { emulator, proxy, folder, targets, environment };
}

const authorization = `Basic ${Buffer.from('fake-user:fake-proxy-pass').toString('base64')}`;

it.each([
  ['run', ['export', 'iam']],
  ['doctor', ['export', 'iam', 'tasks']],
] as const)('the command %s goes through the proxy of its environment', async (command, reached) => {
  const { proxy, folder, targets, environment } = await behindProxy();
  const secrets = secretsFile({ 'huawei/acme': PASSWORD }, folder);
  const words = [command, '--targets', targets, '--secrets', secrets, '--state', join(folder, 'state')];
  const main = ['--disable-warning=ExperimentalWarning', join(ROOT, 'lib/cli/main.ts'), ...words];
  const child = spawn(process.execPath, main, { env: environment });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).not.toMatch(/fake-user|fake-proxy-pass/);
  const hosts = new Set(proxy.asked.map(({ host }) => host));
  expect([...hosts].sort()).toEqual(reached.map((name) => `${name}.huawei.example:443`));
  expect(proxy.asked.every((asked) => asked.authorization === authorization)).toBe(true);
});

it('the deployed function goes through the proxy of its environment', async () => {
  const { emulator, proxy, folder, environment } = await behindProxy();
  const settings = { folder, samples: false };
  const [built] = await buildFunctions({
    root: ROOT,
    functions: ['scheduled-export'],
    outputFolder: folder,
    settings,
  });
  const aws = await startAws({ 'huawei/acme': PASSWORD });
  const lambda = await deployLambda(built?.zip ?? '', join(folder, 'task'), {
    ...aws.environment,
    ...environment,
  });
  const now = Temporal.Now.instant().round({ smallestUnit: 'second', roundingMode: 'floor' });
  const event = { target_id: 'acme', scheduled_time: now.toString(), schedule_arn: 'arn:aws:scheduler:x' };
  expect(await lambda.invoke(event)).toMatchObject({
    result: { targets: [{ target_id: 'acme', failed: [] }] },
  });
  expect(emulator.tasks()).toHaveLength(1);
  expect(proxy.asked.every((asked) => asked.authorization === authorization)).toBe(true);
  expect(lambda.output()).not.toMatch(/fake-user|fake-proxy-pass/);
});
