import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
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
  await writeFiles(root, { ...SETTINGS, ...files });
  return root;
}

export async function writeFiles(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** A module of a built function; `atStart` where the import of `index.mjs` loads it. */
export type BuiltModule = { file: string; code: string; sources: string[]; atStart: boolean };

/** The modules in the folder of a built function. */
export async function builtModules(folder: string): Promise<BuiltModule[]> {
  const files = globSync(join(folder, '*.mjs'));
  const codes = new Map(
    await Promise.all(files.map(async (file) => [basename(file), await readFile(file, 'utf8')] as const)),
  );
  const atStart = new Set<string>();
  const visit = (name: string) => {
    if (atStart.has(name)) return;
    atStart.add(name);
    for (const [, imported = ''] of (codes.get(name) ?? '').matchAll(STATIC_IMPORT)) visit(imported);
  };
  visit('index.mjs');
  return Promise.all(
    files.map(async (file) => ({
      file,
      code: codes.get(basename(file)) ?? '',
      sources: JSON.parse(await readFile(`${file}.map`, 'utf8')).sources,
      atStart: atStart.has(basename(file)),
    })),
  );
}

// As esbuild writes it when it minifies.
const STATIC_IMPORT = /(?:\bfrom|^import|;import)"\.\/([^"]+)"/g;

/**
 * Builds a function of this source, calls its handler in a new process, and hands out what it returned. In it,
 * `loadedAtStart` names those of Node's own modules that the import of the bundle loaded. `files` lie beside it, and
 * `flags` go to Node.
 */
export async function runBuilt(
  source: string,
  event: unknown = null,
  { files = {}, flags = [] }: { files?: Record<string, string>; flags?: string[] } = {},
): Promise<unknown> {
  const root = await folderWith({ 'functions/probe.ts': source, ...files });
  await buildFunctions({ root, functions: ['probe'] });
  return call(join(root, 'dist', 'probe', 'index.mjs'), event, flags);
}

async function call(module: string, event: unknown, flags: string[]): Promise<unknown> {
  const code = `
    const loaded = () => process.moduleLoadList.map((name) => name.replace('NativeModule ', ''));
    const before = loaded();
    const { handler } = await import(${JSON.stringify(module)});
    globalThis.loadedAtStart = loaded().filter((name) => !before.includes(name));
    process.stdout.write(JSON.stringify(await handler(${JSON.stringify(event)}) ?? null));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...flags,
    '--input-type=module',
    '-e',
    code,
  ]);
  return JSON.parse(stdout);
}
