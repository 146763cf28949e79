import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stringify } from 'yaml';
import { createSqliteQueue } from '../../../lib/adapters/queue/local-sqlite.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { PASSWORD, secretsFile, startHuawei } from '../../support/huawei/start-huawei.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'lib', 'cli', 'main.ts');

/** The output and the exit status of a process of the command line; `status` is null when the process was killed. */
export type Ended = { status: number | null; stdout: string; stderr: string };

/** An emulator whose clock the test moves, and a state folder that real processes of the command line share. */
export async function commandWorld(window: Record<string, string>, start: string) {
  const huawei = await startHuawei({ tokenSize: 200, taskExpirySeconds: 90 * 24 * 3_600 }, start);
  const { origin } = huawei;
  const folder = temporaryFolder();
  const state = join(folder, 'state');
  const targets = join(folder, 'targets.yml');
  const target = {
    id: 'acme',
    region: DEMO_ACCOUNT.project.name,
    credential: 'huawei/acme',
    window,
    endpoints: { iam: origin, export: origin, tasks: origin },
  };
  writeFileSync(targets, stringify({ targets: [target] }));
  const files = ['--targets', targets, '--state', state];
  const secrets = ['--secrets', secretsFile({ 'huawei/acme': PASSWORD }, folder)];

  /** Starts `login-export <argv>` with the clock of the emulator. */
  const command = (...argv: string[]): ChildProcess => {
    const needsSecrets = ['run', 'plan', 'backfill'].includes(argv[0] ?? '');
    const all = [...argv, ...files, ...(needsSecrets ? secrets : []), '--now', huawei.time.now.toString()];
    return spawn(process.execPath, ['--no-warnings', MAIN, ...all], { stdio: ['ignore', 'pipe', 'pipe'] });
  };

  const messages = async () => {
    const queue = createSqliteQueue({ file: join(state, 'state.sqlite') });
    try {
      return (await queue.waiting()).map(({ message }) => message);
    } finally {
      queue.close();
    }
  };

  return { ...huawei, state, command, messages };
}

export async function ended(child: ChildProcess): Promise<Ended> {
  if (!child.stdout || !child.stderr) throw new Error('The process has no pipes.');
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { status, stdout, stderr };
}
