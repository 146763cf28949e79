import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { readBuiltAlerts, readBuiltTargets } from '../../lib/build/built-settings.ts';
import type { SettingsFiles } from '../../lib/build/settings-documents.ts';
import { ALERTS, folderWith, TARGETS } from './built-code.ts';

const HANDLER = { 'functions/probe.ts': 'export const handler = () => 1;' };

async function built(files: Record<string, string> = {}, options: SettingsFiles = {}): Promise<string> {
  const root = await folderWith({ ...HANDLER, ...files });
  await buildFunctions({ root, functions: ['probe'], ...options });
  return root;
}

describe('the targets of a build', () => {
  it('are those of the file that the bundle was built with', async () => {
    const files = {
      'other.yml': TARGETS.replace('id: acme', 'id: other'),
      'none.yml': 'rules: []',
    };
    const root = await built(files, { targetsFile: 'other.yml', alertsFile: 'none.yml' });
    expect(await readBuiltTargets(root)).toMatchObject([{ id: 'other' }]);
  });

  it('are refused when the file has changed since the build', async () => {
    const root = await built();
    await writeFile(join(root, 'infra/targets.yml'), TARGETS.replace('id: acme', 'id: changed'));
    await expect(readBuiltTargets(root)).rejects.toThrow('infra/targets.yml has changed since');
  });

  it('are refused when there is no build', async () => {
    await expect(readBuiltTargets(await folderWith({}))).rejects.toThrow('Run "npm run build" first');
  });
});

describe('the alert rules of a build', () => {
  it('are those of the file that the bundle was built with', async () => {
    const other = ALERTS.replace('match: {}', 'match: { source: aws.guardduty }');
    const root = await built({ 'other.yml': other }, { alertsFile: 'other.yml' });
    expect(await readBuiltAlerts(root)).toMatchObject([
      { id: 'every-alert', match: { source: 'aws.guardduty' }, targets: ['acme'], maxFilters: 5 },
    ]);
  });

  it('are refused when their file has changed since the build', async () => {
    const root = await built();
    await writeFile(join(root, 'infra/alerts.yml'), 'rules: []');
    await expect(readBuiltAlerts(root)).rejects.toThrow('infra/alerts.yml has changed since');
  });

  it('are those of the build when only the words around them have changed', async () => {
    const root = await built();
    await writeFile(join(root, 'infra/alerts.yml'), `# Which alerts?\n${ALERTS}`);
    expect(await readBuiltAlerts(root)).toHaveLength(1);
  });

  it('are refused when the targets have changed since the build', async () => {
    const root = await built();
    await writeFile(join(root, 'infra/targets.yml'), TARGETS.replace('id: acme', 'id: changed'));
    await expect(readBuiltAlerts(root)).rejects.toThrow('infra/targets.yml has changed since');
  });

  it('are refused when there is no build', async () => {
    await expect(readBuiltAlerts(await folderWith({}))).rejects.toThrow('Run "npm run build" first');
  });
});
