import type { AlertRule } from '../domain/alert-rule.ts';
import { readAlertRules } from '../domain/alerts-file.ts';
import type { Target } from '../domain/target.ts';
import { placed } from './placed.ts';
import { readYamlFile } from './yaml-file.ts';

/**
 * Reads an alerts file whose rules may name these targets, or throws one `InputError` that lists all its issues.
 * `source` is what it is called there.
 */
export async function readAlertsFile(
  path: string,
  targets: readonly Target[],
  source = path,
): Promise<AlertRule[]> {
  const file = await readYamlFile(path, source);
  return placed(file, (document) => readAlertRules(document, { source, targets }));
}
