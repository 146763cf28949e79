import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { readBuiltSettings } from '../../lib/build/built-settings.ts';
import { OWN_SETTINGS, SAMPLES, type SettingsSource } from '../../lib/build/settings-documents.ts';
import { ALERTS, folderWith, TARGETS } from './built-code.ts';

const HANDLER = { 'functions/probe.ts': 'export const handler = () => 1;' };
const TARGETS_FILE = 'infra/settings/targets.yml';
const ALERTS_FILE = 'infra/settings/alerts.yml';

async function built(
  files: Record<string, string> = {},
  settings: SettingsSource = OWN_SETTINGS,
): Promise<string> {
  const root = await folderWith({ ...HANDLER, ...files });
  await buildFunctions({ root, functions: ['probe'], settings });
  return root;
}

describe('the settings of a build', () => {
  it('are the targets and rules of the files that the bundle was built with', async () => {
    const files = {
      'ours/targets.yml': TARGETS.replace('id: acme', 'id: other'),
      'ours/alerts.yml': ALERTS.replace('[acme]', '[other]').replace('{}', '{ source: aws.guardduty }'),
    };
    const root = await built(files, { folder: 'ours', samples: false });
    expect(await readBuiltSettings(root, [])).toMatchObject({
      targets: [{ id: 'other' }],
      rules: [{ id: 'every-alert', match: { source: 'aws.guardduty' }, targets: ['other'], maxFilters: 5 }],
    });
  });

  it('are without rules where there is no alerts file', async () => {
    const root = await folderWith(HANDLER);
    await rm(join(root, ALERTS_FILE));
    await buildFunctions({ root, functions: ['probe'] });
    expect(await readBuiltSettings(root, [])).toMatchObject({ targets: [{ id: 'acme' }], rules: [] });
  });

  it.each([
    ['the targets have', TARGETS_FILE, TARGETS.replace('id: acme', 'id: changed')],
    ['the rules have', ALERTS_FILE, 'rules: []'],
  ])('are refused when %s changed since', async (_, file, text) => {
    const root = await built();
    await writeFile(join(root, file), text);
    await expect(readBuiltSettings(root, [])).rejects.toThrow(`${file} has changed since`);
  });

  it('are refused when rules have been added since, or taken away', async () => {
    const root = await built();
    await rm(join(root, ALERTS_FILE));
    await expect(readBuiltSettings(root, [])).rejects.toThrow(`${ALERTS_FILE} has changed since`);
    await buildFunctions({ root, functions: ['probe'] });
    await writeFile(join(root, ALERTS_FILE), ALERTS);
    await expect(readBuiltSettings(root, [])).rejects.toThrow(`${ALERTS_FILE} has changed since`);
  });

  it('are those of the build when only the words around them have changed', async () => {
    const root = await built();
    await writeFile(join(root, ALERTS_FILE), `# Which alerts?\n${ALERTS}`);
    expect((await readBuiltSettings(root, [])).rules).toHaveLength(1);
  });

  it('are refused when there is no build', async () => {
    await expect(readBuiltSettings(await folderWith({}), [])).rejects.toThrow('Run "npm run package" first');
  });

  it('have the parameters file as it is now, because no bundle carries it', async () => {
    const root = await built();
    const file = 'infra/settings/parameters.yml';
    expect((await readBuiltSettings(root, [])).parameters).toEqual({ file, document: undefined });
    await writeFile(join(root, file), 'default: { alarm_email: a@example.com }');
    expect((await readBuiltSettings(root, [])).parameters).toEqual({
      file,
      document: { default: { alarm_email: 'a@example.com' } },
    });
  });
});

describe('a command that names other settings than those of the build', () => {
  const samples = {
    'infra/settings/targets.example.yml': TARGETS,
    'infra/settings/alerts.example.yml': 'rules: []',
  };

  it('is refused', async () => {
    const root = await built({ 'ours/targets.yml': TARGETS });
    await expect(readBuiltSettings(root, ['settings=ours'])).rejects.toThrow(
      'The functions were built with the settings in infra/settings, not with the settings in ours.',
    );
  });

  it('is refused, as is one that names none, when the build has the examples: nobody deploys them by accident', async () => {
    const root = await built(samples, SAMPLES);
    for (const commandLine of [[], ['samples=false'], ['settings=infra/settings']])
      await expect(readBuiltSettings(root, commandLine)).rejects.toThrow(
        'The functions were built with the examples (--param samples=true), not with the settings in infra/settings.',
      );
    expect((await readBuiltSettings(root, ['samples=true'])).targets).toHaveLength(1);
  });
});
