import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type AlertRule, readAlertRules } from '../domain/alerts/alert-rule.ts';
import type { Target } from '../domain/input/target.ts';
import { readTargets } from '../domain/input/targets-file.ts';
import { KNOWN_REGIONS } from '../huawei/http/endpoints.ts';
import { readDocument, type SettingsDocument, type SettingsDocuments } from './settings-documents.ts';

/** Leaves beside the bundles what they were built with, for the schedules, patterns and permissions made of it. */
export async function recordBuiltSettings(outputFolder: string, settings: SettingsDocuments): Promise<void> {
  await writeFile(join(outputFolder, RECORD), `${JSON.stringify(settings, null, 2)}\n`);
}

/**
 * The targets that the bundles in `dist/` carry. Throws when there is no build, or when the file has changed since:
 * a schedule for a target that its function does not know would fail every night.
 */
export async function readBuiltTargets(root: string): Promise<Target[]> {
  const { targets } = await readRecord(root);
  return targetsOf(await unchanged(root, targets));
}

/**
 * The alert rules that the bundles in `dist/` carry, on the terms of `readBuiltTargets`: alerts that the function was
 * not built for would reach it, or those that it was built for would not.
 */
export async function readBuiltAlerts(root: string): Promise<AlertRule[]> {
  const built = await readRecord(root);
  const targets = targetsOf(await unchanged(root, built.targets));
  const { file, document } = await unchanged(root, built.alerts);
  return readAlertRules(document, { source: file, targets });
}

const RECORD = 'settings.json';

async function readRecord(root: string): Promise<SettingsDocuments> {
  try {
    return JSON.parse(await readFile(join(root, 'dist', RECORD), 'utf8'));
  } catch (cause) {
    throw new Error('The functions have not been built. Run "npm run build" first.', { cause });
  }
}

async function unchanged(root: string, built: SettingsDocument): Promise<SettingsDocument> {
  const { document } = await readDocument(root, built.file);
  if (isDeepStrictEqual(asJson(document), built.document)) return built;
  throw new Error(`${built.file} has changed since the functions were built. Run "npm run build" again.`);
}

function targetsOf({ file, document }: SettingsDocument): Target[] {
  return readTargets(document, { source: file, regions: KNOWN_REGIONS });
}

function asJson(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document));
}
