import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deployedBill } from './software-bill.ts';

// A step of npm run package: what the bundles in dist/ are made of, beside them.

const ROOT = join(import.meta.dirname, '..', '..');
const FILE = 'dist/sbom.cdx.json';
// Of the lock file, which says what `npm ci` installs, wherever that is.
const NPM_SBOM = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];

// Of a whole installation; some hundreds of packages of some kilobytes each.
const MOST_BYTES = 64 * 1024 * 1024;

const { stdout } = await promisify(execFile)('npm', NPM_SBOM, { cwd: ROOT, maxBuffer: MOST_BYTES });
const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const bill = deployedBill(JSON.parse(stdout), manifest);
await writeFile(join(ROOT, FILE), `${JSON.stringify(bill, null, 2)}\n`);
process.stdout.write(`${FILE}: ${bill.components.length} packages\n`);
