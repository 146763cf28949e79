import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { inTurns, median } from './in-turns.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const ROUNDS = 25;

const folder = mkdtempSync(join(tmpdir(), 'login-export-bench-'));
try {
  const [built] = await buildFunctions({ root: ROOT, functions: ['scheduled-export'], outputFolder: folder });
  if (!built) throw new Error('Nothing was built.');
  const { bare, bundle } = startUp(join(folder, 'scheduled-export', 'index.mjs'));
  const kilobytes = statSync(built.zip).size / 1024;
  const lines = [
    `start-up, importing the bundle against a bare node start: ${(bundle / bare).toFixed(2)} times (aim: at most 2.5)`,
    `  medians of ${ROUNDS} whole processes in turns: ${bundle.toFixed(0)} ms and ${bare.toFixed(0)} ms, for this machine alone`,
    `zip of the function: ${kilobytes.toFixed(0)} KB (aim: at most 400)`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function startUp(bundlePath: string): { bare: number; bundle: number } {
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  const [bare, bundle] = inTurns(ROUNDS, [() => start(empty), () => start(bundlePath)]);
  return { bare: median(bare ?? []), bundle: median(bundle ?? []) };
}

function start(module: string): void {
  const { status, stderr } = spawnSync(process.execPath, [module], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
