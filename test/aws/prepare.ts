import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Makes the Python environment that npm run test:aws and npm run test:sdk need, once for each list of requirements.

const ROOT = join(import.meta.dirname, '..', '..');
const VENV = join(ROOT, '.venv');
const DONE = join(VENV, 'requirements.txt');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

// Nothing that is not in the list by its hash; and no source package, whose build would bring more.
const PIP = [
  ...['--quiet', '--disable-pip-version-check', '--require-hashes', '--only-binary=:all:'],
  ...['-r', REQUIREMENTS],
];

const wanted = readFileSync(REQUIREMENTS, 'utf8');
function isMade(): boolean {
  return existsSync(DONE) && readFileSync(DONE, 'utf8') === wanted;
}

function make(): number {
  const python = pythonThere();
  if (python === undefined) return complain(NO_PYTHON);
  process.stdout.write('Making .venv with what these tests need (a minute, once)\n');
  rmSync(VENV, { recursive: true, force: true });
  if (!runs(python, ['-m', 'venv', VENV])) return complain(NO_VENV);
  if (!runs(join(VENV, 'bin', 'python'), ['-m', 'pip', 'install', ...PIP])) return complain(NO_PACKAGES);
  writeFileSync(DONE, wanted);
  return 0;
}

function pythonThere(): string | undefined {
  const isRightVersion = 'import sys; sys.exit(sys.version_info < (3, 10))';
  return ['python3', 'python'].find((name) => spawnSync(name, ['-c', isRightVersion]).status === 0);
}

function runs(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

function complain(text: string): number {
  process.stderr.write(`${text}\n`);
  return 1;
}

const NO_PYTHON = `npm run test:aws and npm run test:sdk need Python 3.10 or newer, which is not on the PATH as python3.
Install it (Debian and Ubuntu: apt-get install python3 python3-venv; macOS: brew install python) and start again.`;

const NO_VENV = `Python could not make a virtual environment in .venv. On Debian and Ubuntu it needs one package more:
apt-get install python3-venv`;

const NO_PACKAGES = `pip could not install test/aws/requirements.txt; what it said is above. It takes the packages from PyPI, or from
the index that its configuration names (pip config list).`;

// Last, because it needs all of the above.
process.exitCode = isMade() ? 0 : make();
