import { readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Target } from '../domain/target.ts';
import { readTargets } from '../domain/targets-file.ts';
import { KNOWN_REGIONS } from '../huawei/endpoints.ts';
import { readYamlFile } from '../settings/yaml-file.ts';

/** The targets file that goes into the bundle unless the build is told another. */
export const DEFAULT_TARGETS = join('infra', 'targets.yml');

type BuiltTargets = { file: string; document: unknown };

/** Leaves beside the bundles which targets they carry, for the schedules and permissions that are made of them. */
export async function recordBuiltTargets(outputFolder: string, record: BuiltTargets): Promise<void> {
  await writeFile(join(outputFolder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * The targets that the bundles in `dist/` carry. Throws when there is no build, or when the file has changed since:
 * a schedule for a target that its function does not know would fail every night.
 */
export async function readBuiltTargets(root: string): Promise<Target[]> {
  const built = await readRecord(root);
  const document = await readYamlFile(resolve(root, built.file), built.file);
  if (!isDeepStrictEqual(asJson(document), built.document)) {
    throw new Error(`${built.file} has changed since the functions were built. Run "npm run build" again.`);
  }
  return readTargets(document, { source: built.file, regions: KNOWN_REGIONS });
}

/** How a file is called in messages: by its path from the root, or in full when it lies elsewhere. */
export function nameOf(root: string, file: string): string {
  const path = relative(root, resolve(root, file));
  return path.startsWith(`..${sep}`) ? resolve(root, file) : path;
}

const RECORD = 'targets.json';

async function readRecord(root: string): Promise<BuiltTargets> {
  try {
    return JSON.parse(await readFile(join(root, 'dist', RECORD), 'utf8'));
  } catch (cause) {
    throw new Error('The functions have not been built. Run "npm run build" first.', { cause });
  }
}

function asJson(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document));
}
