import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { buildFunctions } from '../../../lib/build/build-functions.ts';
import { createEmulator } from '../../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { startAws } from '../aws/aws.ts';
import { ACCESS_KEY, PASSWORD } from '../huawei/start-huawei.ts';
import { onceARun } from '../vitest/once-a-run.ts';
import { temporaryFolder } from '../vitest/temporary-folder.ts';
import { deployLambda } from './lambda.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const WRONG_PASSWORD = 'fake-wrong-password-5d1c';

/** All secrets that a deployed function gets. */
export const SECRETS = [
  PASSWORD.password,
  ACCESS_KEY.secret_access_key,
  WRONG_PASSWORD,
  'fake-secret-access-key',
];

type FunctionName = 'scheduled-export' | 'alert-export';

/** The built bundle of a function, as it is deployed, against servers with the real protocols and with the real clock. */
export async function setUpDeployed(name: FunctionName) {
  const emulator = createEmulator({ tokenSize: 9_000 });
  const { origin } = await emulator.listen();
  onTestFinished(() => emulator.close());
  const aws = await startAws({
    'huawei/password': PASSWORD,
    'huawei/key': ACCESS_KEY,
    'huawei/wrong': { ...PASSWORD, password: WRONG_PASSWORD },
  });
  const zip = zipOf(await builtOnce({ targets: targetsAt(PLACEHOLDER), rules: RULES }), name);
  const deploy = (environment: Record<string, string>) =>
    deployLambda(zip, join(temporaryFolder(), 'task'), environment, (text) =>
      text.replaceAll(PLACEHOLDER, origin),
    );
  return { emulator, aws, lambda: await deploy(aws.environment), deploy };
}

// A bundle contains its targets, and each test has an emulator on a port of its own. The bundle is built once, and each test
// replaces this origin in it.
const PLACEHOLDER = 'http://127.0.0.1:1';

type Settings = { targets: unknown[]; rules: unknown[] };

function builtOnce(settings: Settings): Promise<string> {
  return onceARun({ built: settings }, async (outputFolder) => {
    writeSettings(outputFolder, settings);
    const source = { folder: outputFolder, samples: false };
    const functions: FunctionName[] = ['scheduled-export', 'alert-export'];
    await buildFunctions({ root: ROOT, functions, outputFolder, settings: source });
  });
}

function writeSettings(folder: string, { targets, rules }: Settings): void {
  writeFileSync(join(folder, 'targets.yml'), stringify({ targets }));
  writeFileSync(join(folder, 'alerts.yml'), stringify({ rules }));
}

const zipOf = (folder: string, name: FunctionName) => join(folder, `${name}.zip`);

const RULES = [
  { id: 'people', match: { source: 'aws.guardduty' }, targets: ['by-password'] },
  { id: 'wrong', match: { source: 'aws.securityhub' }, targets: ['by-wrong-password'] },
];

function targetsAt(origin: string) {
  const endpoints = { iam: origin, export: origin, tasks: origin };
  const least = { region: DEMO_ACCOUNT.project.name, endpoints };
  const { id: project_id } = DEMO_ACCOUNT.project;
  return [
    { ...least, id: 'by-password', credential: 'huawei/password' },
    { ...least, id: 'by-key', credential: 'huawei/key', project_id, filters: { user_name: 'x' } },
    { ...least, id: 'by-wrong-password', credential: 'huawei/wrong' },
    { ...least, id: 'off', credential: 'huawei/none', enabled: false },
  ];
}
