import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { recordBuiltSettings } from './built-settings.ts';
import { type BundleFile, bundleFunction } from './bundle.ts';
import {
  ALERTS_IMPORT,
  OWN_SETTINGS,
  readSettings,
  type SettingsSource,
  TARGETS_IMPORT,
} from './settings-documents.ts';

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

/**
 * Builds `dist/<function>/` with `index.mjs`, and `dist/<function>.zip` of it without the source maps. Throws
 * `InputError` for settings that are missing or have issues.
 */
export async function buildFunctions(options: Options): Promise<BuiltFunction[]> {
  const { root, functions, outputFolder = join(root, 'dist'), settings: source = OWN_SETTINGS } = options;
  const settings = await readSettings(root, source);
  const { targets, alerts } = settings;
  const documents = { [TARGETS_IMPORT]: targets.document, [ALERTS_IMPORT]: alerts.document };
  const built: BuiltFunction[] = [];
  for (const name of functions) {
    const entry = join(root, 'functions', `${name}.ts`);
    const folder = join(outputFolder, name);
    const files = await bundleFunction({ root, entry, outputFolder: folder, documents });
    // The names of chunks depend on what is in them: those of an earlier build would stay.
    await rm(folder, { recursive: true, force: true });
    built.push(await writeFunction(join(outputFolder, `${name}.zip`), files));
  }
  await recordBuiltSettings(outputFolder, settings);
  return built;
}

async function writeFunction(zip: string, files: readonly BundleFile[]): Promise<BuiltFunction> {
  const zipped = zipOf(files.filter(({ path }) => path.endsWith('.mjs')));
  await Promise.all([...files, { path: zip, contents: zipped }].map(write));
  return { zip, bytes: zipped.length };
}

// The same contents give the same bytes on any day, in any folder and time zone.
function zipOf(modules: readonly BundleFile[]): Uint8Array {
  const entries = modules
    .map(({ path, contents }): [string, Uint8Array] => [basename(path), contents])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  // Zip keeps local time without a zone, so the date is a local one: its first.
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: new Date(1980, 0, 1) });
}

async function write({ path, contents }: BundleFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}
