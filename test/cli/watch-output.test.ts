import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { login } from '../support/command/command-line.ts';
import { settingsFolder } from '../support/command/settings-folder.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'lib', 'cli', 'main.ts');

/** Runs a command in a process of its own, where everything written to the streams in `full` fails as on a full disk. */
async function onFullDisk(words: readonly string[], full: readonly ('stdout' | 'stderr')[] = ['stdout']) {
  const disk = openSync('/dev/full', 'w');
  const streamOf = (name: 'stdout' | 'stderr') => (full.includes(name) ? disk : 'pipe');
  const child = spawn(process.execPath, ['--no-warnings', MAIN, ...words], {
    stdio: ['ignore', streamOf('stdout'), streamOf('stderr')],
  });
  closeSync(disk);
  const read = async (stream: typeof child.stdout) => (stream ? text(stream) : '');
  const [stdout, stderr, [status]] = await Promise.all([
    read(child.stdout),
    read(child.stderr),
    once(child, 'close'),
  ]);
  return { status, stdout, stderr };
}

const REPORTED =
  'error Cannot write the output: ENOSPC: no space left on device, write. The command continues.\n';

async function waitingIn(state: string) {
  return JSON.parse((await login(['queue', '--state', state, '--json'])).stdout).messages;
}

describe('output that cannot be written', () => {
  it.each([[[]], [['--json']]])('stops no export, is reported once and ends in 1: %j', async (more) => {
    const state = temporaryFolder();
    const { status, stderr } = await onFullDisk(['start', '--state', state, ...more]);
    expect(status).toBe(1);
    expect(stderr.split(REPORTED)).toHaveLength(2);
    expect(stderr).not.toContain('    at ');
    expect(await waitingIn(join(state, 'demo'))).toHaveLength(1);
  });

  it.each([
    ['standard error', ['stderr'] as const, 1],
    ['both', ['stdout', 'stderr'] as const, 0],
  ])('on %s stops no export either', async (_, full, documents) => {
    const state = temporaryFolder();
    const { status, stdout } = await onFullDisk(['start', '--state', state, '--json'], full);
    expect(status).toBe(1);
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(documents);
    expect(await waitingIn(join(state, 'demo'))).toHaveLength(1);
  });

  it('ends what only shows with that line and 1, followed or not, with --json or without', async () => {
    const { folder, state, command } = await settingsFolder({});
    await command('run', '2026-11-23T00:35:00Z');
    const targets = ['--targets', join(folder, 'targets.yml'), '--state', state];
    const shown = [
      ['status', ...targets],
      ['queue', '--state', state],
      ['queue', '--follow', '--state', state],
    ];
    const printed = await Promise.all(shown.map((words) => onFullDisk(words)));
    expect(printed).toEqual(shown.map(() => ({ status: 1, stdout: '', stderr: REPORTED })));
    for (const words of shown) {
      const { status, stderr } = await onFullDisk([...words, '--json']);
      expect({ status, isReported: stderr.includes(REPORTED) }).toEqual({ status: 1, isReported: true });
    }
  });

  it('takes nothing from a higher status of the command', async () => {
    expect((await onFullDisk(['runn', '--json'])).status).toBe(2);
    expect((await onFullDisk(['runn'], ['stderr'])).status).toBe(2);
  });
});
