import { join, relative, resolve, sep } from 'node:path';
import { readAlertRules } from '../domain/alerts/alert-rule.ts';
import { InputError } from '../domain/errors.ts';
import type { Target } from '../domain/input/target.ts';
import { readTargets } from '../domain/input/targets-file.ts';
import { KNOWN_REGIONS } from '../huawei/http/endpoints.ts';
import { placed } from '../settings/placed.ts';
import { readYamlFile, type YamlFile } from '../settings/yaml.ts';

/** The files that go into the bundles unless the build is told others. */
export const DEFAULT_TARGETS = join('infra', 'targets.yml');
export const DEFAULT_ALERTS = join('infra', 'alerts.yml');

/** Files to take instead of the default ones. */
export type SettingsFiles = { targetsFile?: string | undefined; alertsFile?: string | undefined };

/** What a file is called in messages, and the document in it, as it was written. */
export type SettingsDocument = { file: string; document: unknown };

export type SettingsDocuments = { targets: SettingsDocument; alerts: SettingsDocument };

/**
 * The documents that the bundles carry; functions read them again, here they are only found right, the rules for the
 * targets. Throws `InputError` for a file with issues.
 */
export async function readSettings(root: string, files: SettingsFiles): Promise<SettingsDocuments> {
  const { targetsFile = DEFAULT_TARGETS, alertsFile = DEFAULT_ALERTS } = files;
  const targets = await readFile(root, targetsFile);
  const known = placed(targets, (document) =>
    readTargets(document, { source: targets.file, regions: KNOWN_REGIONS }),
  );
  const alerts = await readFile(root, alertsFile);
  if (files.targetsFile && !files.alertsFile) checkDefaultAlerts(alerts, targets.file, known);
  else checkAlerts(alerts, known);
  return { targets: documentOf(targets), alerts: documentOf(alerts) };
}

/** A file's document, as it stands there now. */
export async function readDocument(root: string, file: string): Promise<SettingsDocument> {
  return documentOf(await readFile(root, file));
}

type SettingsFile = SettingsDocument & YamlFile;

async function readFile(root: string, path: string): Promise<SettingsFile> {
  const file = nameOf(root, path);
  return { file, ...(await readYamlFile(resolve(root, path), file)) };
}

function documentOf({ file, document }: SettingsFile): SettingsDocument {
  return { file, document };
}

function checkAlerts(alerts: SettingsFile, targets: Target[]): void {
  placed(alerts, (document) => readAlertRules(document, { source: alerts.file, targets }));
}

function checkDefaultAlerts(alerts: SettingsFile, targetsFile: string, targets: Target[]): void {
  try {
    checkAlerts(alerts, targets);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const advice = `With --targets, name the rules for these targets as well: --alerts FILE ("rules: []" for none).`;
    throw new InputError(
      `${alerts.file} is not right for the targets of ${targetsFile}. ${advice}`,
      error.issues,
    );
  }
}

// By the path from the root, or in full when it lies elsewhere.
function nameOf(root: string, file: string): string {
  const path = relative(root, resolve(root, file));
  return path.startsWith(`..${sep}`) ? resolve(root, file) : path;
}
