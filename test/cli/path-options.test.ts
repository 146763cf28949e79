import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { login, loginAsOther } from '../support/command/command-line.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const RANGE = ['--target', 'acme', '--from', '2026-11-20T00:00:00Z', '--to', '2026-11-21T00:00:00Z'];

/** Every option that names a path to read, in each command that has it; `path` stands for what is wrong. */
const READERS: [option: string, words: (path: string, folder: string) => string[]][] = [
  ['run --targets', (path) => ['run', '--targets', path]],
  ['plan --targets', (path) => ['plan', '--targets', path]],
  ['status --targets', (path) => ['status', '--targets', path]],
  ['doctor --targets', (path) => ['doctor', '--targets', path]],
  ['backfill --targets', (path) => ['backfill', '--targets', path, ...RANGE]],
  ['alert --targets', (path) => ['alert', '--event', 'any', '--targets', path]],
  ['alert --alerts', (path, folder) => ['alert', '--event', 'any', ...targetsIn(folder), '--alerts', path]],
  ['alert --event', (path, folder) => ['alert', ...targetsIn(folder), ...alertsIn(folder), '--event', path]],
  ['plan --event', (path, folder) => ['plan', ...targetsIn(folder), ...alertsIn(folder), '--event', path]],
  ['emulator --scenario', (path) => ['emulator', '--scenario', path]],
];

function targetsIn(folder: string): string[] {
  const file = join(folder, 'targets.yml');
  writeFileSync(file, 'targets: [{ id: acme, region: ap-southeast-3, credential: acme }]');
  return ['--targets', file];
}

function alertsIn(folder: string): string[] {
  const file = join(folder, 'alerts.yml');
  writeFileSync(file, 'rules: [{ id: every-alert, match: {}, targets: [acme] }]');
  return ['--alerts', file];
}

const FILES: Record<string, string> = {
  '--targets': 'targets file',
  '--alerts': 'alerts file',
  '--event': 'event file',
  '--scenario': 'scenario file',
};

describe.each(READERS)('%s', (option, words) => {
  it.each<[string, (folder: string) => string, string]>([
    ['is a folder', (folder) => folder, 'is a folder, not a file'],
    ['lies below a file', belowFile, 'is below a path that is not a folder (ENOTDIR)'],
    ['is too long', (folder) => join(folder, 'x'.repeat(300)), 'file system allows (ENAMETOOLONG)'],
    ['leads in a circle', loop, 'is a loop of symbolic links (ELOOP)'],
  ])('that %s is one clear error', async (_kind, pathIn, said) => {
    const folder = temporaryFolder();
    const path = pathIn(folder);
    const { status, stderr } = await login(words(path, folder));
    expect(status).toBe(2);
    const name = `${FILES[option.split(' ')[1] ?? '']} ${path}`;
    expect(stderr).toBe(`error Cannot read ${name}:\n  ${path}: ${stderr.split(': ').at(-1)}`);
    expect(stderr).toContain(said);
  });
});

function belowFile(folder: string): string {
  writeFileSync(join(folder, 'file'), '');
  return join(folder, 'file', 'below');
}

function loop(folder: string): string {
  symlinkSync('loop', join(folder, 'loop'));
  return join(folder, 'loop');
}

it('a file that the user may not read is told as that, and not as one that is missing', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'closed'), { mode: 0 });
  chmodSync(folder, 0o755);
  onTestFinished(() => chmodSync(join(folder, 'closed'), 0o700));
  const path = join(folder, 'closed', 'targets.yml');
  const seen = await loginAsOther([
    ['run', '--targets', path],
    ['status', '--targets', path],
    ['emulator', '--scenario', path],
  ]);
  for (const { status, stderr } of seen) {
    expect(status).toBe(2);
    expect(stderr).toContain('cannot be accessed by the user of this command (EACCES)');
  }
});
