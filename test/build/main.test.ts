import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderWith } from './built-code.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'lib', 'build', 'main.ts');

type Ended = { status: string | number | null | undefined; stdout: string; stderr: string };

function build(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, stdout, stderr }),
    );
  });
}

it('lists all issues of a targets file and ends with status 2', async () => {
  const faulty = 'targets:\n  - { id: Acme, region: ap-southeast-33 }\n  - { id: b, region: 7 }\n';
  const file = join(await folderWith({ 'faulty.yml': faulty }), 'faulty.yml');
  const { status, stdout, stderr } = await build('--targets', file);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`${file} is not right:`);
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
  const file = join(await folderWith({ 'faulty.yml': 'targets:\n  - id: [a\n' }), 'faulty.yml');
  const { status, stderr } = await build('--targets', file);
  expect(status).toBe(2);
  expect(stderr).toMatch(/line 3, column 1: /);
});

it('lists all issues of an alerts file and ends with status 2', async () => {
  const root = await folderWith({ 'faulty.yml': 'rules:\n  - { id: One, targets: [acme] }\n' });
  const file = join(root, 'faulty.yml');
  const targets = join(root, 'infra/targets.yml');
  const { status, stdout, stderr } = await build('--targets', targets, '--alerts', file);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`${file} is not right:\n  rules[0].id (line 2): must be`);
  expect(stderr).toContain('rules[0].match (line 2): is missing');
  expect(stderr).not.toMatch(/^\s+at /m);
});

it('says how it is called when it is called wrongly', async () => {
  const { status, stderr } = await build('--target', 'x');
  expect(status).toBe(2);
  expect(stderr).toContain('Usage: npm run build -- [--targets FILE] [--alerts FILE]');
});
