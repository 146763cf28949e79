import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { SeedResult } from './play.ts';

const USAGE = 'npm run simulate -- --seeds FROM..TO [--story]';

const { seeds, story } = parseArgs({
  options: { seeds: { type: 'string', default: '1..200' }, story: { type: 'boolean', default: false } },
}).values;
const seedsToPlay = seedsIn(seeds);
const began = performance.now();
const results: SeedResult[] = [];

await Promise.all(Array.from({ length: Math.min(availableParallelism(), seedsToPlay.length) }, work));

const bad = results.filter(({ violations }) => violations.length > 0).map(({ seed }) => seed);
const invocations = results.reduce((sum, result) => sum + result.invocations, 0);
const seconds = Math.round((performance.now() - began) / 1_000);
print(
  `${results.length} seeds, ${invocations} invocations, ${seconds} s; ${bad.length} failed ${bad.join(' ')}`,
);
process.exitCode = bad.length > 0 ? 1 : 0;

/** One thread, which plays one seed after the other. */
function work(): Promise<void> {
  const worker = new Worker(new URL('./main-thread.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const next = () => {
      const seed = seedsToPlay.shift();
      if (seed === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(seed);
    };
    worker.on('error', reject);
    worker.on('message', (result: SeedResult) => {
      results.push(result);
      if (result.violations.length > 0 || story) print(formatResult(result));
      next();
    });
    next();
  });
}

function seedsIn(text: string): number[] {
  const [, from, to] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(text)?.map(Number) ?? [];
  if (from === undefined || to === undefined || from > to) {
    process.stderr.write(`--seeds must be two numbers such as 1..200, the smaller first: ${USAGE}\n`);
    process.exit(2);
  }
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function formatResult({ seed, trace, violations }: SeedResult): string {
  const verdict =
    violations.length > 0 ? `SEED ${seed} FAILS:\n  ${violations.join('\n  ')}` : `Seed ${seed} passes.`;
  return `${trace.join('\n')}\n${verdict}\n`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
