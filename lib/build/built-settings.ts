import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type AlertRule, readAlertRules } from '../domain/alerts/alert-rule.ts';
import type { Target } from '../domain/input/target.ts';
import { readTargets } from '../domain/input/targets-file.ts';
import { KNOWN_REGIONS } from '../huawei/http/endpoints.ts';
import {
  readDocuments,
  readParametersDocument,
  type SettingsDocument,
  type SettingsDocuments,
  type SettingsSource,
  settingsSource,
} from './settings-documents.ts';

/** Leaves beside the bundles what they were built with, for the schedules, patterns and permissions made of it. */
export async function recordBuiltSettings(outputFolder: string, settings: SettingsDocuments): Promise<void> {
  await writeFile(join(outputFolder, RECORD), `${JSON.stringify(settings, null, 2)}\n`);
}

/** The targets and rules that the bundles carry, and the parameters file beside them, which is not in the bundles. */
export type BuiltSettings = { targets: Target[]; rules: AlertRule[]; parameters: SettingsDocument };

/**
 * The settings of the bundles in `dist/`. `commandLine` is what was written after each `--param`. Throws when there is
 * no build, when it has other settings than the command line names, or when a file has changed since: a schedule for a
 * target that its function does not know would fail every night.
 */
export async function readBuiltSettings(
  root: string,
  commandLine: readonly string[],
): Promise<BuiltSettings> {
  const built = await readRecord(root);
  checkSource(built.source, commandLine);
  const now = await readDocuments(root, built.source);
  checkUnchanged(built.targets, now.targets);
  checkUnchanged(built.alerts, now.alerts);
  const targets = readTargets(built.targets.document, { source: built.targets.file, regions: KNOWN_REGIONS });
  const rules = readAlertRules(built.alerts.document, { source: built.alerts.file, targets });
  return { targets, rules, parameters: await readParametersDocument(root, built.source) };
}

const RECORD = 'settings.json';

async function readRecord(root: string): Promise<SettingsDocuments> {
  try {
    return JSON.parse(await readFile(join(root, 'dist', RECORD), 'utf8'));
  } catch (cause) {
    throw new Error('The functions have not been built. Run "npm run package" first.', { cause });
  }
}

// Who deploys the examples must say so again: a build for a test is not to replace what somebody has deployed.
function checkSource(built: SettingsSource, commandLine: readonly string[]): void {
  const named = settingsSource(commandLine);
  const isNamed = commandLine.some((word) => /^(settings|samples)=/.test(word));
  if (isDeepStrictEqual(named, built) || (!isNamed && !built.samples)) return;
  throw new Error(
    `The functions were built with ${wordsOf(built)}, not with ${wordsOf(named)}. Run "npm run package" again, or give ` +
      `this command the same --param.`,
  );
}

function wordsOf({ folder, samples }: SettingsSource): string {
  return samples ? 'the examples (--param samples=true)' : `the settings in ${folder}`;
}

function checkUnchanged(built: SettingsDocument, now: SettingsDocument): void {
  if (isDeepStrictEqual(JSON.parse(JSON.stringify(now.document)), built.document)) return;
  throw new Error(`${built.file} has changed since the functions were built. Run "npm run package" again.`);
}
