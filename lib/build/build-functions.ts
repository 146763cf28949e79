import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readTargets } from '../domain/targets-file.ts';
import { KNOWN_REGIONS } from '../huawei/endpoints.ts';
import { readYamlFile } from '../settings/yaml-file.ts';
import { DEFAULT_TARGETS, nameOf, recordBuiltTargets } from './built-targets.ts';
import { type BundleFile, bundleFunction } from './bundle.ts';
import { environmentCredentials } from './environment-credentials.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import { narrowImports } from './narrow-imports.ts';
import { narrowUndici } from './narrow-undici.ts';
import { reproducibleZip } from './reproducible-zip.ts';
import { yamlImports } from './yaml-imports.ts';

type Options = {
  /** The folder that holds `functions/`, `infra/` and `dist/`. */
  root: string;
  /** Names of the functions; each has its entry in `functions/<name>.ts`. */
  functions: readonly string[];
  /** A targets file to take instead of `infra/targets.yml`. */
  targetsFile?: string | undefined;
  /** Where the results go; `dist/` of the root unless it is named. */
  outputFolder?: string;
};

/** What was built: the zip that is deployed, and its size. */
export type BuiltFunction = { zip: string; bytes: number };

/** Builds `dist/<function>/index.mjs` and `dist/<function>.zip`. Throws `InputError` for a targets file with faults. */
export async function buildFunctions(options: Options): Promise<BuiltFunction[]> {
  const { root, functions, targetsFile, outputFolder = join(root, 'dist') } = options;
  const file = targetsFile ?? DEFAULT_TARGETS;
  const document = await readDocument(resolve(root, file), nameOf(root, file));
  const plugins = [
    yamlImports(join(root, DEFAULT_TARGETS), document),
    narrowImports(),
    narrowUndici(),
    environmentCredentials(),
    lazyBuiltins(),
  ];
  const built: BuiltFunction[] = [];
  for (const name of functions) {
    const entry = join(root, 'functions', `${name}.ts`);
    const files = await bundleFunction({ root, entry, outputFolder: join(outputFolder, name), plugins });
    built.push(await writeFunction(join(outputFolder, `${name}.zip`), files));
  }
  await recordBuiltTargets(outputFolder, { file: nameOf(root, file), document });
  return built;
}

// The bundle carries the document as it was written and the function reads it again; here it is only found right.
async function readDocument(path: string, source: string): Promise<unknown> {
  const document = await readYamlFile(path, source);
  readTargets(document, { source, regions: KNOWN_REGIONS });
  return document;
}

async function writeFunction(zip: string, files: readonly BundleFile[]): Promise<BuiltFunction> {
  const modules = files.filter(({ path }) => path.endsWith('.mjs'));
  const zipped = reproducibleZip(
    Object.fromEntries(modules.map(({ path, contents }) => [basename(path), contents])),
  );
  await Promise.all([...files, { path: zip, contents: zipped }].map(write));
  return { zip, bytes: zipped.length };
}

async function write({ path, contents }: BundleFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}
