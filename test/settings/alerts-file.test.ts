import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTargets } from '../../lib/domain/input/targets-file.ts';
import { readAlertsFile } from '../../lib/settings/files.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const targets = readTargets(
  { targets: [{ id: 'acme', region: 'ap-southeast-3', credential: 'huawei/acme' }] },
  { source: 'targets.yml', regions: ['ap-southeast-3'] },
);

function written(text: string): string {
  const path = join(temporaryFolder(), 'alerts.yml');
  writeFileSync(path, text);
  return path;
}

const rule = (match: string) => `rules:\n  - id: one\n    match: ${match}\n    targets: [acme]\n`;

it('reads the rules of a file', async () => {
  const rules = await readAlertsFile(written(rule('{ type: UnauthorizedAccess:IAMUser/ }')), targets);
  expect(rules).toMatchObject([{ id: 'one', match: { type: 'UnauthorizedAccess:IAMUser/' } }]);
});

// YAML takes it for a number, and one that begins with 0 would lose it.
it('refuses an account without quotes, in the name that the file goes by', async () => {
  const reading = readAlertsFile(
    written(rule('{ account: 012345678901 }')),
    targets,
    'infra/settings/alerts.yml',
  );
  await expect(reading).rejects.toThrow(
    'Invalid alerts file infra/settings/alerts.yml:\n  rules[0].match.account (line 3, one): must be text: put the number in quotes, such as "012345678901"',
  );
});

it('goes by its path where it has no other name', async () => {
  const path = written(rule('{ acount: "111122223333" }'));
  await expect(readAlertsFile(path, targets)).rejects.toThrow(`Invalid alerts file ${path}:`);
});

it('says so when there is no file', async () => {
  await expect(readAlertsFile(join(temporaryFolder(), 'none.yml'), targets, 'the file')).rejects.toThrow(
    'Cannot read alerts file the file:',
  );
});
