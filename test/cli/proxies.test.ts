import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import { login } from '../support/command/command-line.ts';
import { PASSWORD, secretsFile } from '../support/huawei/start-huawei.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const environment = { HTTPS_PROXY: 'socks5://fake-user:fake-pass@gate.example' };

function setUp() {
  const folder = temporaryFolder();
  const targets = join(folder, 'targets.yml');
  const target = { id: 'acme', region: DEMO_ACCOUNT.project.name, credential: 'huawei/acme' };
  writeFileSync(targets, stringify({ targets: [target] }));
  const state = join(folder, 'state');
  const files = ['--targets', targets, '--state', state];
  return { state, files, secrets: ['--secrets', secretsFile({ 'huawei/acme': PASSWORD }, folder)] };
}

it.each([
  ['run'],
  ['doctor'],
  ['backfill', '--target', 'acme', '--from', '2026-11-20T00:00:00Z', '--to', '2026-11-21T00:00:00Z'],
])(
  '%s ends with status 2 where the proxy of the environment is none, and touches nothing',
  async (...words) => {
    const { state, files, secrets } = setUp();
    const { status, stderr, stdout } = await login([...words, ...files, ...secrets], { environment });
    expect(status).toBe(2);
    expect(stderr).toContain('HTTPS_PROXY: must be http://');
    expect(stdout + stderr).not.toMatch(/fake|gate/);
    expect(existsSync(state)).toBe(false);
  },
);

it('what calls nobody beyond this machine does not care', async () => {
  const { files } = setUp();
  const { status } = await login(['start', '--state', temporaryFolder()], { environment });
  expect(status).toBe(0);
  for (const command of ['plan', 'status']) {
    expect((await login([command, ...files], { environment })).status).toBe(0);
  }
});
