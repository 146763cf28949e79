import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { SAMPLES } from '../../lib/build/settings-documents.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';
import { builtModules } from './built-code.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FUNCTIONS = ['scheduled-export', 'alert-export'];

export type Package = { name: string; version: string; license: string };

/** The packages that the deployed bundles are made of, by what their source maps say. */
export async function bundledPackages(): Promise<Package[]> {
  const outputFolder = temporaryFolder();
  await buildFunctions({ root: ROOT, functions: FUNCTIONS, outputFolder, settings: SAMPLES });
  const modules = await Promise.all(FUNCTIONS.map((name) => builtModules(join(outputFolder, name))));
  const sources = modules.flat().flatMap((module) => module.sources);
  const names = new Set(sources.flatMap((source) => PACKAGE.exec(source)?.[1] ?? []));
  return Promise.all([...names].sort().map(installed));
}

const PACKAGE = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** A package as it is installed. */
export async function installed(name: string): Promise<Package> {
  const { version, license } = JSON.parse(
    await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
  );
  return { name, version, license };
}
