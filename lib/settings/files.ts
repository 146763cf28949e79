import { type AlertRule, readAlertRules } from '../domain/alerts/alert-rule.ts';
import type { Target } from '../domain/input/target.ts';
import { readTargets } from '../domain/input/targets-file.ts';
import { KNOWN_REGIONS } from '../huawei/http/endpoints.ts';
import { placed } from './placed.ts';
import { readYamlFile } from './yaml.ts';

/** Reads a targets file, or throws one `InputError` that lists all its issues. `source` is the file's name in that error. */
export async function readTargetsFile(path: string, source = path): Promise<Target[]> {
  const file = await readYamlFile(path, `targets file ${source}`);
  return placed(file, (document) => readTargets(document, { source, regions: KNOWN_REGIONS }));
}

/**
 * Reads an alerts file whose rules may name these targets, or throws one `InputError` that lists all its issues.
 * `source` is the file's name in that error.
 */
export async function readAlertsFile(
  path: string,
  targets: readonly Target[],
  source = path,
): Promise<AlertRule[]> {
  const file = await readYamlFile(path, `alerts file ${source}`);
  return placed(file, (document) => readAlertRules(document, { source, targets }));
}
