import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = new URL('../../lib/cli/main.ts', import.meta.url).pathname;

function start(words: readonly string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...words], {
    cwd: temporaryFolder(),
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.stderr += chunk;
  });
  return { child, printed, ended: once(child, 'close') };
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
