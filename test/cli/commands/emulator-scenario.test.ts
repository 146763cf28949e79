import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readScenario } from '../../../lib/cli/commands/emulator.ts';
import { BUILT_IN_SCENARIOS } from '../../../lib/emulator/scenarios/built-in.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

function written(text: string): string {
  const file = join(temporaryFolder(), 'scenario.yml');
  writeFileSync(file, text);
  return file;
}

it('a name stands for the scenario that comes with the emulator', async () => {
  expect(await readScenario('alert-storm')).toEqual(BUILT_IN_SCENARIOS.get('alert-storm'));
});

it('anything else is a file, in YAML or JSON', async () => {
  const attack = { from: '2026-11-20T10:00:00Z', to: '2026-11-20T11:00:00Z', logins: 5 };
  const yaml = written(`
attacks:
  - from: 2026-11-20T10:00:00Z
    to: 2026-11-20T11:00:00Z
    logins: 5
`);
  const expected = { scenario: { steps: [], attacks: [{ ...attack, failed: false }] } };
  expect(await readScenario(yaml)).toEqual(expected);
  expect(await readScenario(written(JSON.stringify({ attacks: [attack] })))).toEqual(expected);
});

it('the issues of a file are listed with their paths', async () => {
  const file = written('quota: { exports: 0 }\nattacks: [{ from: -PT2H, to: yesterday, logins: 5 }]');
  await expect(readScenario(file)).rejects.toMatchObject({
    message: expect.stringContaining(`Invalid scenario file ${file}:`),
    issues: [
      { path: 'quota.exports', message: 'must be at least 1' },
      { path: 'quota.per_seconds', message: 'is missing; it must be a whole number' },
      { path: 'attacks[0].to', message: expect.stringContaining('or a distance from the start') },
    ],
  });
});

it('what is neither a name nor a file is told which names there are', async () => {
  await expect(readScenario('alert-strom')).rejects.toMatchObject({
    kind: 'input',
    message:
      'Cannot read scenario alert-strom:\n  --scenario: is neither a file nor one of the scenarios that come with the emulator: alert-storm',
  });
});

it('a folder is not taken for a scenario', async () => {
  const folder = join(temporaryFolder(), 'scenario');
  mkdirSync(folder);
  await expect(readScenario(folder)).rejects.toThrow(/Cannot read scenario .*:\n.*is a folder, not a file/);
});
