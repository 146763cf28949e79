import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createSqliteQueue } from '../../lib/adapters/queue/local-sqlite.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const MAIN = new URL('../../lib/cli/main.ts', import.meta.url).pathname;

function start(words: readonly string[]) {
  const folder = temporaryFolder();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...words], {
    cwd: folder,
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.stderr += chunk;
  });
  return { child, printed, folder, ended: once(child, 'close') };
}

it('the command does the main job in an empty folder and exits with 0', async () => {
  const { printed, ended } = start(['--json']);
  const [status] = await ended;
  expect(status).toBe(0);
  expect(JSON.parse(printed.stdout).messages).toMatchObject([
    { data: { task_id: expect.stringMatching(/^[0-9a-f]{32}$/) } },
  ]);
});

it('Ctrl-C ends a command with 130', async () => {
  const { child, printed, ended } = start(['emulator', '--port', '0']);
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  const [status] = await ended;
  expect(status).toBe(130);
  expect(printed.stderr).toBe('');
});

it('a queue that is followed ends when its reader goes away, as under `| head`', async () => {
  const { child, ended, folder } = start(['--state', '.']);
  await ended;
  const follower = start(['queue', '--follow', '--json', '--state', `${folder}/demo`]);
  await once(follower.child.stdout, 'data');
  follower.child.stdout.destroy();
  const again = start(['queue', '--state', `${folder}/demo`, '--json']);
  await again.ended;
  const [copy] = JSON.parse(again.printed.stdout).messages;
  createSqliteQueue({ file: `${folder}/demo/state.sqlite` }).publish(copy.message);
  const [status] = await follower.ended;
  expect({ status, stderr: follower.printed.stderr }).toEqual({ status: 0, stderr: '' });
  expect(child.exitCode).toBe(0);
});
