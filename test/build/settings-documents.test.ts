import { expect, it } from 'vitest';
import { readSettings, type SettingsFiles } from '../../lib/build/settings-documents.ts';
import { ALERTS, folderWith, TARGETS } from './built-code.ts';

const other = TARGETS.replace('id: acme', 'id: other');

const settingsOf = async (files: SettingsFiles, written: Record<string, string> = {}) =>
  readSettings(await folderWith({ 'other.yml': other, ...written }), files);

it('are the documents as they were written, by the names that people know them by', async () => {
  expect(await settingsOf({})).toEqual({
    targets: {
      file: 'infra/targets.yml',
      document: { targets: [{ id: 'acme', region: 'ap-southeast-3', credential: 'huawei/acme' }] },
    },
    alerts: {
      file: 'infra/alerts.yml',
      document: { rules: [{ id: 'every-alert', match: {}, targets: ['acme'] }] },
    },
  });
});

it('are refused when the rules name a target that is not in the targets file', async () => {
  const written = { 'infra/alerts.yml': ALERTS.replace('[acme]', '[acne]') };
  await expect(settingsOf({}, written)).rejects.toThrow(
    'infra/alerts.yml is not right:\n  rules[0].targets[0] (line 1, every-alert): is not the id of a target; did you mean "acme"?',
  );
});

it('of other targets and the default rules say what to do when the two do not go together', async () => {
  const refused = expect(settingsOf({ targetsFile: 'other.yml' })).rejects;
  await refused.toThrow('infra/alerts.yml is not right for the targets of other.yml.');
  await refused.toThrow('--alerts FILE ("rules: []" for none)');
  await refused.toThrow(
    /rules\[0\]\.targets\[0\] \(line \d+, [\w-]+\): is not the id of a target; known are other/,
  );
});

it('of other targets may keep the default rules when these fit', async () => {
  const both = `${TARGETS}  `.replace('}]', '}, { id: more, region: ap-southeast-3, credential: c }]');
  const { targets, alerts } = await settingsOf({ targetsFile: 'both.yml' }, { 'both.yml': both });
  expect([targets.file, alerts.file]).toEqual(['both.yml', 'infra/alerts.yml']);
});

it('of other targets and rules without any rule are right', async () => {
  const files = { targetsFile: 'other.yml', alertsFile: 'none.yml' };
  expect(await settingsOf(files, { 'none.yml': 'rules: []\n' })).toMatchObject({
    alerts: { file: 'none.yml', document: { rules: [] } },
  });
});

it('do not advise --alerts to whoever has given it', async () => {
  const error = await settingsOf({ targetsFile: 'other.yml', alertsFile: 'infra/alerts.yml' }).catch(String);
  expect(error).toContain('infra/alerts.yml is not right:\n');
  expect(error).not.toContain('--alerts');
});
