import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

/** A checkout without .venv, in which only the commands of one folder are found. */
function checkout() {
  const root = temporaryFolder();
  const [bin, tests] = [join(root, 'bin'), join(root, 'test', 'aws')];
  mkdirSync(bin);
  mkdirSync(tests, { recursive: true });
  for (const file of ['prepare.ts', 'requirements.txt'])
    cpSync(join(import.meta.dirname, file), join(tests, file));
  const command = (name: string, script: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  const prepare = () => {
    const env = { PATH: bin };
    return spawnSync(process.execPath, [join(tests, 'prepare.ts')], { env, encoding: 'utf8' });
  };
  return { root, command, prepare };
}

it('says that Python is missing, and how to get it, and fails', () => {
  const { prepare } = checkout();
  const { status, stderr } = prepare();
  expect(status).toBe(1);
  expect(stderr).toContain('need Python 3.10 or newer');
  expect(stderr).toContain('apt-get install python3 python3-venv');
});

it('takes a Python that is too old for none', () => {
  const { command, prepare } = checkout();
  command('python3', 'exit 1');
  expect(prepare()).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('need Python 3.10 or newer'),
  });
});

it('says which package is missing when Python can make no environment', () => {
  const { command, prepare } = checkout();
  command('python3', 'test "$1" = -c');
  expect(prepare()).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('apt-get install python3-venv'),
  });
});

it('leaves nothing that a later start would take for done when a package cannot be had', () => {
  const { root, command, prepare } = checkout();
  const fails = '#!/bin/sh\\necho "no such package" >&2\\nexit 1\\n';
  const make = `/bin/mkdir -p "$3/bin"; printf '${fails}' > "$3/bin/python"; /bin/chmod +x "$3/bin/python"`;
  command('python3', `test "$1" = -c || { ${make}; }`);
  const { status, stderr } = prepare();
  expect(status).toBe(1);
  expect(stderr).toContain('no such package');
  expect(stderr).toContain('pip could not install');
  expect(existsSync(join(root, '.venv', 'requirements.txt'))).toBe(false);
});

it('lets pip take nothing but what is listed by its hash', () => {
  const { root, command, prepare } = checkout();
  const told = join(root, 'told');
  const make = `/bin/mkdir -p "$3/bin"; printf '#!/bin/sh\\necho "$@" > ${told}\\n' > "$3/bin/python"; /bin/chmod +x "$3/bin/python"`;
  command('python3', `test "$1" = -c || { ${make}; }`);
  expect(prepare().status).toBe(0);
  expect(readFileSync(told, 'utf8')).toBe(
    `-m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: -r ${join(root, 'test', 'aws', 'requirements.txt')}\n`,
  );
  expect(existsSync(join(root, '.venv', 'requirements.txt'))).toBe(true);
});

describe('test/aws/requirements.txt', () => {
  const list = readFileSync(join(import.meta.dirname, 'requirements.txt'), 'utf8');

  it('pins every package to one version, with hashes', () => {
    const entries = list.split(/^(?=[\w-]+)/m).filter((entry) => !entry.startsWith('#'));
    expect(entries.length).toBeGreaterThan(50);
    for (const entry of entries)
      expect(entry).toMatch(/^[\w-]+==[\w.]+( ; [^\\]+)?( \\\n {4}--hash=sha256:[0-9a-f]{64})+\n$/);
  });

  it('has what requirements.in asks for', () => {
    const asked = readFileSync(join(import.meta.dirname, 'requirements.in'), 'utf8');
    const lines = asked.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(list).toContain(`\n${line.replace('[server]', '')} \\\n`);
  });
});
