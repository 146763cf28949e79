import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';
import { ROOT } from '../operations/document.ts';

/** What a command printed, both streams together, and how it ended. */
export type Ran = { status: number; output: string };

/** A checkout of its own, in which the commands of a document run as somebody types them. */
export type Checkout = { folder: string; run(script: string): Promise<Ran> };

/**
 * A copy of the sources without anybody's settings, and a shell in it. npm and npx are the real ones, but for what a test
 * cannot do: `npm ci` and `npm test` only say what they would run, and `aws` prints its words.
 */
export function createCheckout(): Checkout {
  const folder = temporaryFolder();
  for (const path of COPIED)
    cpSync(join(ROOT, path), join(folder, path), { recursive: true, filter: isTracked });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(STUBS)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o700);
  }
  const path = [bin, join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  const env = { PATH: path, HOME: folder, NPM: process.env['PATH'], npm_config_loglevel: 'error' };
  const run = (script: string): Promise<Ran> =>
    promisify(execFile)('sh', ['-euc', script], { cwd: folder, env }).then(
      ({ stdout, stderr }) => ({ status: 0, output: stdout + stderr }),
      ({ code, stdout, stderr }) => ({ status: code, output: stdout + stderr }),
    );
  return { folder, run };
}

const COPIED = [
  'functions',
  'infra',
  'lib',
  'package.json',
  'package-lock.json',
  'serverless.yml',
  'tsconfig.json',
];

// Settings of whoever runs the tests are not part of a checkout.
const isTracked = (path: string) => !/infra\/settings\/(targets|alerts|parameters)\.yml$/.test(path);

const STUBS = {
  npm: `case "$*" in
ci) [ -f package-lock.json ] && echo installed ;;
test) node -p 'require("./package.json").scripts.test' ;;
*) PATH="$NPM" exec npm "$@" ;;
esac`,
  aws: 'echo aws "$@"',
};
