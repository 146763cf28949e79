import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import { isTracked, type Template } from '../infra/packaged-service.ts';
import { type Moto, REGION } from './moto.ts';

/** A copy of the service in a folder of its own, whose targets are at an emulator of Huawei Cloud. */
export type Service = {
  folder: string;
  template: Template;
  /** Runs a command of osls against that AWS; answers with what it said. */
  osls(...words: string[]): Promise<string>;
  remove(): Promise<void>;
};

export const STACK = 'workspace-login-export-prod';

/** A copy of the sources in a folder of their own, with the target `acme-prod` at that Huawei Cloud, and the rules of the example. */
export async function copyService(huawei: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deployed-'));
  await Promise.all(
    COPIED.map((path) => cp(join(ROOT, path), join(folder, path), { recursive: true, filter: isTracked })),
  );
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const settings = join(folder, 'infra/settings');
  await writeFile(join(settings, 'targets.yml'), stringify({ targets: [targetAt(huawei)] }));
  await cp(join(settings, 'alerts.example.yml'), join(settings, 'alerts.yml'));
  return folder;
}

/** Builds and packages the service; every word that follows is that of a person who deploys it. */
export async function packageFor({ environment }: Moto, huawei: string): Promise<Service> {
  const folder = await copyService(huawei);
  const run = async (...args: string[]) => {
    const env = { PATH: process.env['PATH'], HOME: folder, ...environment };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
    return stdout + stderr;
  };
  await run('lib/build/main.ts');
  await run(OSLS, 'package', '--region', REGION);
  return {
    folder,
    template: JSON.parse(await readFile(join(folder, TEMPLATE), 'utf8')),
    osls: (...words) => run(OSLS, ...words, '--region', REGION),
    remove: () => rm(folder, { recursive: true }),
  };
}

const ROOT = join(import.meta.dirname, '..', '..');
const COPIED = [
  'functions',
  'infra',
  'lib',
  'package.json',
  'package-lock.json',
  'serverless.yml',
  'tsconfig.json',
];
const OSLS = 'node_modules/osls/bin/serverless.js';
const TEMPLATE = '.serverless/cloudformation-template-update-stack.json';

function targetAt(origin: string) {
  const endpoints = { iam: origin, export: origin, tasks: origin };
  return { id: 'acme-prod', region: DEMO_ACCOUNT.project.name, credential: 'huawei/acme-prod', endpoints };
}
