import type { Target } from '../domain/target.ts';
import { readTargets } from '../domain/targets-file.ts';
import { KNOWN_REGIONS } from '../huawei/endpoints.ts';
import { placed } from './placed.ts';
import { readYamlFile } from './yaml-file.ts';

/** Reads a targets file, or throws one `InputError` that lists all its issues. `source` is what it is called there. */
export async function readTargetsFile(path: string, source = path): Promise<Target[]> {
  const file = await readYamlFile(path, source);
  return placed(file, (document) => readTargets(document, { source, regions: KNOWN_REGIONS }));
}
