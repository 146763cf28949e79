import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/demo-account.ts';
import { createEmulator } from '../../lib/emulator/emulator.ts';
import { startAws } from './aws.ts';
import { ACCESS_KEY, PASSWORD } from './huawei.ts';
import { deployLambda } from './lambda.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const WRONG_PASSWORD = 'fake-wrong-password-5d1c';

/** Everything secret that a deployed function meets. */
export const SECRETS = [
  PASSWORD.password,
  ACCESS_KEY.secret_access_key,
  WRONG_PASSWORD,
  'fake-secret-access-key',
];

/** The built bundle of a function as it is deployed, against servers that speak the real protocols; the real clock everywhere. */
export async function setUpDeployed(name: 'scheduled-export' | 'alert-export') {
  const emulator = createEmulator({ tokenSize: 9_000 });
  const { origin } = await emulator.listen();
  onTestFinished(() => emulator.close());
  const folder = temporaryFolder();
  const [targetsFile, alertsFile] = [join(folder, 'targets.yml'), join(folder, 'alerts.yml')];
  writeFileSync(targetsFile, stringify({ targets: targetsAt(origin) }));
  writeFileSync(alertsFile, stringify({ rules: RULES }));
  const options = { root: ROOT, functions: [name], targetsFile, alertsFile, outputFolder: folder };
  const [built] = await buildFunctions(options);
  const aws = await startAws({
    'huawei/password': PASSWORD,
    'huawei/key': ACCESS_KEY,
    'huawei/wrong': { ...PASSWORD, password: WRONG_PASSWORD },
  });
  const lambda = await deployLambda(built?.zip ?? '', join(folder, 'task'), aws.environment);
  return { emulator, aws, lambda };
}

/** The bundle as this service itself would deploy it, in an environment of the test's. */
export async function deployAsIs(name: string, environment: Record<string, string>) {
  const folder = temporaryFolder();
  const [built] = await buildFunctions({ root: ROOT, functions: [name], outputFolder: folder });
  return deployLambda(built?.zip ?? '', join(folder, 'task'), environment);
}

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
