import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';
import { isTracked, resourcesOf, type Template } from '../packaged-service.ts';

// `npm run package` as somebody calls it who has just cloned this.

const ROOT = join(import.meta.dirname, '..', '..', '..');
const CLONED = [
  'functions',
  'infra',
  'lib',
  'package.json',
  'package-lock.json',
  'serverless.yml',
  'tsconfig.json',
];
const TARGETS = 'targets: [{ id: ours, region: ap-southeast-3, credential: huawei/ours }]';
const ALERTS = 'rules: [{ id: grave, match: { source: aws.guardduty }, targets: [ours] }]';
const PARAMETERS = 'default: { alarm_email: on-call@example.com }';

/** A clone with these files. */
async function clone(files: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const copying = { recursive: true, filter: isTracked };
  await Promise.all(CLONED.map((path) => cp(join(ROOT, path), join(folder, path), copying)));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const run = (...args: string[]): Promise<{ status: unknown; output: string }> =>
    new Promise((resolve) => {
      const env = { PATH: process.env['PATH'], HOME: folder, npm_config_update_notifier: 'false' };
      execFile(process.execPath, args, { cwd: folder, env }, (error, stdout, stderr) =>
        resolve({ status: error ? error.code : 0, output: stdout + stderr }),
      );
    });
  const template = async (): Promise<Template> =>
    JSON.parse(await readFile(join(folder, '.serverless/cloudformation-template-update-stack.json'), 'utf8'));
  return {
    folder,
    /** What `npm run package -- ARGS` runs. */
    pack: (...args: string[]) => run('lib/build/package.ts', ...args),
    osls: (...args: string[]) => run('node_modules/osls/bin/serverless.js', ...args),
    template,
  };
}

const schedules = (template: Template) =>
  resourcesOf(template, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties['Name']);
const rules = (template: Template) => resourcesOf(template, 'AWS::Events::Rule').map(([name]) => name);

it('a clone without settings does not package, and says what is missing, where, and what to copy', async () => {
  const { pack, osls } = await clone();
  const { status, output } = await pack();
  expect(status).toBe(2);
  expect(output).toBe(`There are no settings: infra/settings/targets.yml does not exist.
Copy infra/settings/targets.example.yml to infra/settings/targets.yml and edit the copy. alerts.yml and parameters.yml in
the same folder may be left out.
Settings in another folder: npm run package -- --param settings=DIR
To package the examples, as tests do: npm run package -- --param samples=true
`);
  expect((await osls('package')).output).toMatch(/have not been built\. Run "npm run package" first\./);
});

it('a targets.yml alone packages: no rule of the examples, and every parameter empty', async () => {
  const { folder, pack, osls, template } = await clone({ 'infra/settings/targets.yml': TARGETS });
  expect(await pack()).toMatchObject({ status: 0 });
  expect(schedules(await template())).toEqual(['ours', '_sweep']);
  expect(rules(await template())).toEqual(['LoginExportRequests']);
  expect(resourcesOf(await template(), 'AWS::SNS::Subscription')).toEqual([]);
  await rm(join(folder, '.serverless'), { recursive: true });

  // Whoever deploys later, and has changed the file since, is told so and not given the old one.
  await writeFile(join(folder, 'infra/settings/targets.yml'), TARGETS.replace('ours', 'changed'));
  const { status, output } = await osls('package');
  expect(status).toBe(1);
  expect(output).toMatch(/infra\/settings\/targets\.yml has changed since the functions were built\./);
});

it('settings=DIR packages targets, rules and parameters of that folder, and none of infra/settings', async () => {
  const { pack, osls, template } = await clone({
    'infra/settings/targets.yml': TARGETS.replace('ours', 'theirs'),
    'infra/settings/parameters.yml': 'default: { kms_key_arn: none }',
    'ours/targets.yml': TARGETS,
    'ours/alerts.yml': ALERTS,
    'ours/parameters.yml': PARAMETERS,
  });
  expect(await pack('--param', 'settings=ours', '--stage', 'test')).toMatchObject({ status: 0 });
  expect(schedules(await template())).toEqual(['ours', '_sweep']);
  expect(rules(await template())).toEqual(['GuardDutyFindings', 'LoginExportRequests']);
  const subscriptions = resourcesOf(await template(), 'AWS::SNS::Subscription');
  expect(subscriptions.map(([, { Properties }]) => Properties['Endpoint'])).toEqual(['on-call@example.com']);

  // A later command goes by the build, and not by infra/settings.
  expect(await osls('package', '--stage', 'test')).toMatchObject({ status: 0 });
  expect(schedules(await template())).toEqual(['ours', '_sweep']);
});

it('samples=true packages the examples, and no later command deploys them unless it says so too', async () => {
  const { pack, osls, template } = await clone({ 'infra/settings/targets.yml': TARGETS });
  expect(await pack('--param=samples=true')).toMatchObject({ status: 0 });
  expect(schedules(await template())).toEqual(['acme-prod', '_sweep']);
  const { status, output } = await osls('package');
  expect(status).toBe(1);
  expect(output).toMatch(/built with the examples \(--param samples=true\), not with the settings in infra/);
});

it('what is wrong with a parameter stops the packaging, also with one that says where the settings are', async () => {
  const { pack } = await clone({ 'infra/settings/targets.yml': TARGETS });
  expect(await pack('--param', 'setings=ours')).toMatchObject({
    status: 1,
    output: expect.stringContaining('setings: is not known here; did you mean "settings"?'),
  });
});
