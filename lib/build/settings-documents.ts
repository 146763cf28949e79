import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { readAlertRules } from '../domain/alerts/alert-rule.ts';
import { InputError } from '../domain/errors.ts';
import { readTargets } from '../domain/input/targets-file.ts';
import { KNOWN_REGIONS } from '../huawei/http/endpoints.ts';
import { placed } from '../settings/placed.ts';
import { readYamlFile, type YamlFile } from '../settings/yaml.ts';

/** Where the settings are: in the files of a user's own, or in the examples of this repository. */
export type SettingsSource = { folder: string; samples: boolean };

/** The folder of the settings, seen from the root: the examples, and a user's own files unless they are elsewhere. */
const FOLDER = join('infra', 'settings');

export const OWN_SETTINGS: SettingsSource = { folder: FOLDER, samples: false };
export const SAMPLES: SettingsSource = { folder: FOLDER, samples: true };

/** By what paths the functions import their settings, whatever the source is. */
export const TARGETS_IMPORT = join(FOLDER, 'targets.yml');
export const ALERTS_IMPORT = join(FOLDER, 'alerts.yml');

/** What a file is called in messages, and the document in it, as it was written. */
export type SettingsDocument = { file: string; document: unknown };

export type SettingsDocuments = {
  source: SettingsSource;
  targets: SettingsDocument;
  /** Without rules where there is no such file. */
  alerts: SettingsDocument;
};

/**
 * The source that the words after each `--param` name: `settings=DIR` or `samples=true`; the own files in
 * infra/settings/ otherwise. Other parameters are ignored.
 */
export function settingsSource(commandLine: readonly string[]): SettingsSource {
  const given = new Map(commandLine.map(pairOf));
  const [folder, samples = 'false'] = [given.get('settings'), given.get('samples')];
  const issues = [
    ...(folder === '' ? [{ path: 'settings', message: 'must be the path of a folder' }] : []),
    ...(['true', 'false'].includes(samples) ? [] : [{ path: 'samples', message: 'must be true or false' }]),
    ...(folder !== undefined && samples === 'true'
      ? [{ path: 'samples', message: 'packages the examples; leave it out, or leave out settings' }]
      : []),
  ];
  if (issues.length > 0) throw new InputError('Invalid parameters on the command line:', issues);
  if (samples === 'true') return SAMPLES;
  return folder === undefined ? OWN_SETTINGS : { folder, samples: false };
}

function pairOf(word: string): [name: string, value: string] {
  const [name = '', ...rest] = word.split('=');
  return [name, rest.join('=')];
}

/**
 * Reads the documents that the bundles carry, and checks them, the rules against the targets. A targets file is needed,
 * an alerts file is not. Throws `InputError` for a missing file or one with issues.
 */
export async function readSettings(root: string, source: SettingsSource): Promise<SettingsDocuments> {
  checkNames(root, source);
  const targets = await readTargetsDocument(root, source);
  const known = placed(targets, (document) =>
    readTargets(document, { source: targets.file, regions: KNOWN_REGIONS }),
  );
  const alerts = await readOptional(root, source, 'alerts');
  if (alerts) placed(alerts, (document) => readAlertRules(document, { source: alerts.file, targets: known }));
  // No bundle carries the parameters: read here so that a file that is not YAML stops the build.
  await readOptional(root, source, 'parameters');
  return { source, targets: documentOf(targets), alerts: documentOf(alerts) ?? noAlerts(root, source) };
}

/** Reads the same documents as they are in the files now, unchecked. */
export async function readDocuments(root: string, source: SettingsSource): Promise<SettingsDocuments> {
  const targets = documentOf(await readTargetsDocument(root, source));
  const alerts = documentOf(await readOptional(root, source, 'alerts'));
  return { source, targets, alerts: alerts ?? noAlerts(root, source) };
}

/** Reads the parameters file as it is now; its document is undefined where there is no such file. */
export async function readParametersDocument(
  root: string,
  source: SettingsSource,
): Promise<SettingsDocument> {
  const parameters = documentOf(await readOptional(root, source, 'parameters'));
  return parameters ?? { file: nameOf(root, source, 'parameters'), document: undefined };
}

type SettingsFile = SettingsDocument & YamlFile;

function readTargetsDocument(root: string, source: SettingsSource): Promise<SettingsFile> {
  const targets = readOptional(root, source, 'targets');
  return targets.then((found) => found ?? Promise.reject(noSettings(root, source)));
}

async function readOptional(
  root: string,
  source: SettingsSource,
  name: string,
): Promise<SettingsFile | undefined> {
  const path = pathOf(root, source, name);
  if (!existsSync(path)) return undefined;
  const file = nameOf(root, source, name);
  return { file, ...(await readYamlFile(path, `${name} file ${file}`)) };
}

// A file that is optional and misnamed would be left out in silence: no rule would match any alert.
function checkNames(root: string, source: SettingsSource): void {
  if (source.samples || !existsSync(resolve(root, source.folder))) return;
  const issues = readdirSync(resolve(root, source.folder)).flatMap((file) => {
    const [, meant] = /^(target|alert|parameter)s?\.(?:ya?ml|json)$/i.exec(file) ?? [];
    const name = `${meant?.toLowerCase()}s.yml`;
    if (!meant || file === name) return [];
    return [{ path: file, message: 'is not read', fix: `name the file ${name}` }];
  });
  if (issues.length > 0) throw new InputError(`Invalid settings in ${source.folder}:`, issues);
}

function pathOf(root: string, { folder, samples }: SettingsSource, name: string): string {
  return resolve(root, folder, `${name}${samples ? '.example' : ''}.yml`);
}

// By the path from the root, or in full when it lies elsewhere.
function nameOf(root: string, source: SettingsSource, name: string): string {
  const full = pathOf(root, source, name);
  const path = relative(root, full);
  return path.startsWith(`..${sep}`) ? full : path;
}

function noSettings(root: string, source: SettingsSource): InputError {
  const file = nameOf(root, source, 'targets');
  const example = nameOf(root, SAMPLES, 'targets');
  return new InputError(
    `There are no settings: ${file} does not exist.
Copy ${example} to ${file} and edit the copy. alerts.yml and parameters.yml in
the same folder may be left out.
Settings in another folder: npm run package -- --param settings=DIR
To package the examples, as tests do: npm run package -- --param samples=true`,
    [],
  );
}

function documentOf(file: SettingsFile): SettingsDocument;
function documentOf(file: SettingsFile | undefined): SettingsDocument | undefined;
function documentOf(file: SettingsFile | undefined): SettingsDocument | undefined {
  return file && { file: file.file, document: file.document };
}

function noAlerts(root: string, source: SettingsSource): SettingsDocument {
  return { file: nameOf(root, source, 'alerts'), document: { rules: [] } };
}
