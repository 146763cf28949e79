import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_SCOPE, readAlertRules } from '../../../lib/domain/alerts/alert-rule.ts';
import { InputError } from '../../../lib/domain/errors.ts';
import { readAlertsFile, readTargetsFile } from '../../../lib/settings/files.ts';

const SETTINGS = join(import.meta.dirname, '..', '..', '..', 'infra', 'settings');
const FILE = join(SETTINGS, 'alerts.example.yml');

const rules = async () => readAlertsFile(FILE, await readTargetsFile(join(SETTINGS, 'targets.example.yml')));

it('is right as it stands, for the example target', async () => {
  expect(await rules()).toMatchObject([
    { match: { source: 'aws.guardduty', severityAtLeast: 'medium' }, targets: ['acme-prod'] },
    { match: { source: 'aws.securityhub', severityAtLeast: 'high' }, targets: ['acme-prod'] },
  ]);
});

it('shows every setting that a rule has, and the defaults', async () => {
  const shown = await readFile(FILE, 'utf8');
  const known = [...knownSettings('rules[0]'), ...knownSettings('rules[0].match')];
  expect(known).toHaveLength(15);
  expect(known.filter((name) => !shown.includes(` ${name}:`))).toEqual([]);
  const { before, after, unfilteredSpan, ...rest } = DEFAULT_SCOPE;
  const [first] = await rules();
  expect(first).toMatchObject(rest);
  expect([first?.before, first?.after, first?.unfilteredSpan].map(String)).toEqual(
    [before, after, unfilteredSpan].map(String),
  );
  expect(first?.match).toMatchObject({ includeInactive: false, includePosture: false });
});

// The list that people are shown after a misspelt setting.
function knownSettings(path: string): string[] {
  const misspelt = { xxxxxxxxxxxxxxxx: 1 };
  try {
    readAlertRules({ rules: [{ ...misspelt, match: misspelt }] }, { source: 'alerts', targets: [] });
  } catch (error) {
    const issues = error instanceof InputError ? error.issues : [];
    const fix = issues.find((issue) => issue.path === `${path}.xxxxxxxxxxxxxxxx`)?.fix ?? '';
    return fix.replace(/^.*known are /, '').split(', ');
  }
  return [];
}
