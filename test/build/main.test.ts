import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderWith, TARGETS } from './built-code.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'lib', 'build', 'main.ts');

type Ended = { status: string | number | null | undefined; stdout: string; stderr: string };

function build(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, stdout, stderr }),
    );
  });
}

/** A folder with these settings, and what the last of the files is called in messages. */
async function settingsWith(files: Record<string, string>) {
  const entries = Object.entries(files).map(([name, text]): [string, string] => [`ours/${name}`, text]);
  const root = await folderWith(Object.fromEntries(entries));
  return { folder: join(root, 'ours'), file: join(root, entries.at(-1)?.[0] ?? '') };
}

it('lists all issues of a targets file and ends with status 2', async () => {
  const faulty = 'targets:\n  - { id: Acme, region: ap-southeast-33 }\n  - { id: b, region: 7 }\n';
  const { folder, file } = await settingsWith({ 'targets.yml': faulty });
  const { status, stdout, stderr } = await build('--param', `settings=${folder}`);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`Invalid targets file ${file}:`);
  expect(stderr.match(/targets\[\d\]\.\w+ \(.+\)(?=:)/g)).toEqual([
    'targets[0].id (line 2)',
    'targets[0].credential (line 2)',
    'targets[0].region (line 2)',
    'targets[1].region (line 3, b)',
    'targets[1].credential (line 3, b)',
  ]);
  expect(stderr).not.toMatch(/^\s+at /m);
});

it('names line and column of what is not YAML, and ends with status 2', async () => {
  const { folder } = await settingsWith({ 'targets.yml': 'targets:\n  - id: [a\n' });
  const { status, stderr } = await build(`--param=settings=${folder}`);
  expect(status).toBe(2);
  expect(stderr).toMatch(/line 3, column 1: /);
});

it('lists all issues of an alerts file and ends with status 2', async () => {
  const faulty = 'rules:\n  - { id: One, targets: [acme] }\n';
  const { folder, file } = await settingsWith({ 'targets.yml': TARGETS, 'alerts.yml': faulty });
  const { status, stdout, stderr } = await build('--param', `settings=${folder}`);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`Invalid alerts file ${file}:\n  rules[0].id (line 2): must be`);
  expect(stderr).toContain('rules[0].match (line 2): is missing');
  expect(stderr).not.toMatch(/^\s+at /m);
});

it('says how it is called when it is called wrongly', async () => {
  const { status, stderr } = await build('--settings', 'x');
  expect(status).toBe(2);
  expect(stderr).toContain('Usage: npm run build -- [--param settings=DIR | --param samples=true]');
});
