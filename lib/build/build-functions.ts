import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { recordBuiltSettings } from './built-settings.ts';
import { type BundleFile, bundleFunction } from './bundle.ts';
import { environmentCredentials } from './environment-credentials.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import { narrowImports } from './narrow-imports.ts';
import { narrowUndici } from './narrow-undici.ts';
import { reproducibleZip } from './reproducible-zip.ts';
import {
  ALERTS_IMPORT,
  OWN_SETTINGS,
  readSettings,
  type SettingsSource,
  TARGETS_IMPORT,
} from './settings-documents.ts';
import { yamlImports } from './yaml-imports.ts';

type Options = {
  /** The folder that holds `functions/`, `infra/` and `dist/`. */
  root: string;
  /** Names of the functions; each has its entry in `functions/<name>.ts`. */
  functions: readonly string[];
  /** The user's own in infra/settings/, unless another source is given. */
  settings?: SettingsSource;
  /** Where the results go; `dist/` of the root unless it is named. */
  outputFolder?: string;
};

/** What was built: the zip that is deployed, and its size. */
export type BuiltFunction = { zip: string; bytes: number };

/** Builds `dist/<function>/index.mjs` and `dist/<function>.zip`. Throws `InputError` for settings that are missing or have issues. */
export async function buildFunctions(options: Options): Promise<BuiltFunction[]> {
  const { root, functions, outputFolder = join(root, 'dist'), settings: source = OWN_SETTINGS } = options;
  const settings = await readSettings(root, source);
  const { targets, alerts } = settings;
  const documents = { [TARGETS_IMPORT]: targets.document, [ALERTS_IMPORT]: alerts.document };
  const plugins = [
    yamlImports({ root, documents }),
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
  await recordBuiltSettings(outputFolder, settings);
  return built;
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
