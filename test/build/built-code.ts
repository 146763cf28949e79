import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { buildFunctions } from '../../lib/build/build-functions.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export const TARGETS = 'targets: [{ id: acme, region: ap-southeast-3, credential: huawei/acme }]\n';

export const ALERTS = 'rules: [{ id: every-alert, match: {}, targets: [acme] }]\n';

const SETTINGS = { 'infra/settings/targets.yml': TARGETS, 'infra/settings/alerts.yml': ALERTS };

/** A folder with the given files that sees this project's packages. It goes away with the test. */
export async function folderWith(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'build-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const [path, text] of Object.entries({ ...SETTINGS, ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

/**
 * Builds a function of this source, calls its handler in a new process, and hands out what it returned. In it,
 * `isLoaded(name)` says whether one of Node's own modules has been loaded, and `loadedAtStart` names those that the
 * import of the bundle loaded. `flags` go to Node.
 */
export async function runBuilt(
  source: string,
  event: unknown = null,
  flags: string[] = [],
): Promise<unknown> {
  const root = await folderWith({ 'functions/probe.ts': source });
  await buildFunctions({ root, functions: ['probe'] });
  return call(join(root, 'dist', 'probe', 'index.mjs'), event, flags);
}

/** The same with the source as it is, unbuilt. */
export async function runUnbuilt(source: string, event: unknown = null): Promise<unknown> {
  return call(join(await folderWith({ 'functions/probe.mjs': source }), 'functions', 'probe.mjs'), event);
}

async function call(module: string, event: unknown, flags: string[] = []): Promise<unknown> {
  const code = `
    const loaded = () => process.moduleLoadList.map((name) => name.replace('NativeModule ', ''));
    const before = loaded();
    const { handler } = await import(${JSON.stringify(module)});
    globalThis.loadedAtStart = loaded().filter((name) => !before.includes(name));
    globalThis.isLoaded = (name) => loaded().includes(name);
    process.stdout.write(JSON.stringify(await handler(${JSON.stringify(event)}) ?? null));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...flags,
    '--input-type=module',
    '-e',
    code,
  ]);
  return JSON.parse(stdout);
}
