import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { createWorld } from '../../guarantees/world.ts';
import { deployedLedger } from '../../support/aws/deployed-ledger.ts';
import { login, type Printed } from '../../support/command/command-line.ts';
import { PASSWORD } from '../../support/huawei/start-huawei.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';
import { ROOT } from './document.ts';
import type { Story } from './stories.ts';

const TABLE = 'workspace-login-export-prod-ledger';
const TARGET = { id: 'acme-prod', credential: 'huawei/acme-prod' };
/** The names under which the document writes secrets for the doctor. */
const SECRETS = ['deployed.json', 'new.json'];

/**
 * What somebody on duty has before them: a checkout with the settings of the example target, secrets where the document
 * puts them, and the ledger of a deployed service in which the story happened. It is the working folder, too.
 */
export async function preparedFolder({ settings = {}, changed = {}, happens }: Story) {
  const folder = temporaryFolder();
  const { ledger, spoilStates } = await deployedLedger(TABLE);
  mkdirSync(join(folder, '.login-export'));
  mkdirSync(join(folder, 'infra/settings'), { recursive: true });
  const [secrets = '', ...copies] = SECRETS.map((name) => join(folder, '.login-export', name));
  const writeSecret = (secret: object) =>
    writeFileSync(secrets, JSON.stringify({ [TARGET.credential]: secret }), { mode: 0o600 });
  writeSecret(PASSWORD);
  const world = await createWorld(
    { ledger },
    { start: '2026-11-20T00:35:00Z', secrets, settings: { ...TARGET, ...settings } },
  );
  onTestFinished(world.close);
  await happens({ world, writeSecret, folder, spoilStates });
  for (const copy of copies) cpSync(secrets, copy);
  const { region, endpoints } = world.target;
  const targets = [{ ...TARGET, region, endpoints, ...settings, ...changed }];
  writeFileSync(join(folder, 'infra/settings/targets.yml'), stringify({ targets }));
  cpSync(join(ROOT, 'infra/settings/alerts.example.yml'), join(folder, 'infra/settings/alerts.yml'));
  workIn(folder);

  /** Runs a command as it is written, at the time to which the story came. */
  return (words: readonly string[]): Promise<Printed> =>
    login([...words, '--now', world.time.now.toString()]);
}

function workIn(folder: string): void {
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(() => process.chdir(before));
}
