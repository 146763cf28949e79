import { expect, it } from 'vitest';
import { readSettings, SAMPLES, settingsSource } from '../../lib/build/settings-documents.ts';
import { ALERTS, folderWith, TARGETS } from './built-code.ts';

const other = TARGETS.replace('id: acme', 'id: other');

const settingsOf = async (written: Record<string, string> = {}, ...commandLine: string[]) =>
  readSettings(await folderWith(written), settingsSource(commandLine));

it('are the documents as they were written, by the names that people know them by', async () => {
  expect(await settingsOf()).toEqual({
    source: { folder: 'infra/settings', samples: false },
    targets: {
      file: 'infra/settings/targets.yml',
      document: { targets: [{ id: 'acme', region: 'ap-southeast-3', credential: 'huawei/acme' }] },
    },
    alerts: {
      file: 'infra/settings/alerts.yml',
      document: { rules: [{ id: 'every-alert', match: {}, targets: ['acme'] }] },
    },
  });
});

it('are refused when the rules name a target that is not in the targets file', async () => {
  const written = { 'infra/settings/alerts.yml': ALERTS.replace('[acme]', '[acne]') };
  await expect(settingsOf(written)).rejects.toThrow(
    'Invalid alerts file infra/settings/alerts.yml:\n  rules[0].targets[0] (line 1, every-alert): is not the id of a target; did you mean "acme"?',
  );
});

it('are those of another folder, and of no other, where settings=DIR names one', async () => {
  const { targets, alerts } = await settingsOf({ 'ours/targets.yml': other }, 'settings=ours');
  expect(targets).toMatchObject({ file: 'ours/targets.yml', document: { targets: [{ id: 'other' }] } });
  // The rules in infra/settings name a target that is not there.
  expect(alerts).toEqual({ file: 'ours/alerts.yml', document: { rules: [] } });
});

it('in a folder without targets.yml are refused, and the message says what to copy to where', async () => {
  const reading = settingsOf({ 'ours/alerts.yml': ALERTS }, 'settings=ours');
  await expect(reading).rejects.toThrow(
    /ours\/targets\.yml does not exist\.\s+Copy infra\/settings\/targets\.example\.yml to ours\/targets\.yml/,
  );
});

it.each(['alerts.yaml', 'Alerts.yml', 'alert.yml', 'parameters.yaml', 'targets.json'])(
  'are refused beside a file %s, which nobody reads',
  async (file) => {
    const right = `${file.toLowerCase().replace(/s?\.\w+$/, '')}s.yml`;
    await expect(
      settingsOf({ 'ours/targets.yml': TARGETS, [`ours/${file}`]: ALERTS }, 'settings=ours'),
    ).rejects.toThrow(`Invalid settings in ours:\n  ${file}: is not read; name the file ${right}`);
  },
);

it('are the examples where samples=true asks for them, whatever somebody has written beside them', async () => {
  const examples = {
    'infra/settings/targets.example.yml': other,
    'infra/settings/alerts.example.yml': ALERTS.replace('[acme]', '[other]'),
  };
  expect(await settingsOf(examples, 'alarm_email=a@example.com', 'samples=true')).toMatchObject({
    source: SAMPLES,
    targets: { file: 'infra/settings/targets.example.yml', document: { targets: [{ id: 'other' }] } },
    alerts: { document: { rules: [{ targets: ['other'] }] } },
  });
});

it.each([
  [['settings='], 'settings: must be the path of a folder'],
  [['settings=ours', 'samples=true'], 'samples: packages the examples; leave it out, or leave out settings'],
  [['samples=yes'], 'samples: must be true or false'],
])('%j is refused', (words, expected) => {
  expect(() => settingsSource(words)).toThrow(expected);
});
