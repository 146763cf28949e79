import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { InputError } from '../../../lib/domain/errors.ts';
import { readTargets } from '../../../lib/domain/input/targets-file.ts';
import { KNOWN_REGIONS } from '../../../lib/huawei/http/endpoints.ts';
import { readTargetsFile } from '../../../lib/settings/files.ts';

const FILE = join(import.meta.dirname, '..', '..', '..', 'infra', 'settings', 'targets.example.yml');

it('is right as it stands, and its example runs', async () => {
  expect(await readTargetsFile(FILE)).toMatchObject([
    { id: 'acme-prod', region: 'ap-southeast-3', enabled: true },
  ]);
});

it('shows every setting that a target has', async () => {
  const shown = await readFile(FILE, 'utf8');
  expect(knownSettings().filter((name) => !shown.includes(` ${name}:`))).toEqual([]);
});

// The list that people are shown after a misspelt setting.
function knownSettings(): string[] {
  try {
    readTargets({ targets: [{ xxxxxxxxxxxxxxxx: 1 }] }, { source: 'targets', regions: KNOWN_REGIONS });
  } catch (error) {
    const fix = (error as InputError).issues.find(({ path }) => path.endsWith('xxxx'))?.fix ?? '';
    return fix.replace(/^.*known are /, '').split(', ');
  }
  return [];
}
