import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { SAMPLES } from '../../lib/build/settings-documents.ts';
import { inTurns, median } from './in-turns.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const ROUNDS = 25;

/** Builds the function into `folder`, and reports how long its bundle takes to start and how large its zip is. */
export async function startUpLines(folder: string): Promise<string[]> {
  const [built] = await buildFunctions({
    root: ROOT,
    functions: ['scheduled-export'],
    outputFolder: folder,
    settings: SAMPLES,
  });
  if (!built) throw new Error('Nothing was built.');
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  const starts = [empty, join(folder, 'scheduled-export', 'index.mjs')].map((module) => () => start(module));
  // The first start of each program does not count: it fills the file cache.
  await inTurns(1, starts);
  const [bare = 0, bundle = 0] = (await inTurns(ROUNDS, starts)).map(median);
  const kilobytes = statSync(built.zip).size / 1024;
  return [
    `start-up, importing the bundle against a bare node start: ${(bundle / bare).toFixed(2)} times (aim: at most 2.5)`,
    `  medians of ${ROUNDS} whole processes in turns: ${bundle.toFixed(0)} ms and ${bare.toFixed(0)} ms, for this machine alone`,
    `zip of the function: ${kilobytes.toFixed(0)} KB (aim: at most 400)`,
  ];
}

function start(module: string): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [module], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - begin;
}
