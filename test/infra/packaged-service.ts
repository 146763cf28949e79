import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onceARun } from '../support/vitest/once-a-run.ts';

export type Resource = { Type: string; DeletionPolicy?: string; Properties: Record<string, unknown> };

export type Template = { Resources: Record<string, Resource>; Outputs: Record<string, { Value: unknown }> };

/** A copy of the service in a folder of its own: what `npm run package` left of it, and what it said. */
export type PackagedService = { folder: string; template: Template; output: string; remove(): Promise<void> };

/** Builds and packages a copy of this service with other targets, rules, parameters and files, as `npm run package` does. */
export async function packageService(
  targets: string,
  alerts: string,
  parameters: Record<string, string> = {},
  files: Record<string, string | Uint8Array> = {},
): Promise<PackagedService> {
  const folder = await mkdtemp(join(tmpdir(), 'packaged-'));
  const remove = () => rm(folder, { recursive: true });
  const copying = { recursive: true, filter: isTracked };
  await Promise.all(COPIED.map((path) => cp(join(ROOT, path), join(folder, path), copying)));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'infra/settings/targets.yml'), targets);
  await writeFile(join(folder, 'infra/settings/alerts.yml'), alerts);
  await Promise.all(Object.entries(files).map(([path, text]) => writeFile(join(folder, path), text)));
  const given = Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`);
  const said = [await runNode(folder, 'lib/build/main.ts'), await runNode(folder, OSLS, 'package', ...given)];
  const template = JSON.parse(await readFile(join(folder, TEMPLATE), 'utf8'));
  return { folder, template, output: said.join(''), remove };
}

/**
 * The same without a `remove`: it is packaged once in a run of the tests for all that ask for the same, who may only
 * look at it.
 */
export async function packagedOnce(
  targets: string,
  alerts: string,
  parameters: Record<string, string> = {},
): Promise<Omit<PackagedService, 'remove'>> {
  const folder = await onceARun({ packaged: [targets, alerts, parameters] }, async (shared) => {
    const service = await packageService(targets, alerts, parameters);
    await cp(service.folder, join(shared, 'service'), { recursive: true });
    await writeFile(join(shared, 'output'), service.output);
    await service.remove();
  });
  const service = join(folder, 'service');
  const template = JSON.parse(await readFile(join(service, TEMPLATE), 'utf8'));
  return { folder: service, template, output: await readFile(join(folder, 'output'), 'utf8') };
}

export function resourcesOf({ Resources }: Template, type: string): [string, Resource][] {
  return Object.entries(Resources).filter(([, resource]) => resource.Type === type);
}

/** Whether a file comes with a clone: settings of somebody who works on this do not. */
export function isTracked(path: string): boolean {
  return !/infra\/settings\/(targets|alerts|parameters)\.yml$/.test(path);
}

const ROOT = join(import.meta.dirname, '..', '..');
const COPIED = ['functions', 'infra', 'lib', 'package.json', 'serverless.yml', 'tsconfig.json'];
const OSLS = 'node_modules/osls/bin/serverless.js';
const TEMPLATE = '.serverless/cloudformation-template-update-stack.json';

// No account: a home without settings of AWS, and none in the environment.
async function runNode(cwd: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: cwd, TZ: 'Pacific/Chatham' };
  const run = promisify(execFile)(process.execPath, args, { cwd, env });
  const { stdout, stderr } = await run.catch(async (failed) => {
    await rm(cwd, { recursive: true });
    throw new Error(failed.stdout + failed.stderr);
  });
  return stdout + stderr;
}
