import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Life } from './play.ts';

const USAGE = 'npm run simulate -- --seeds FROM..TO [--story]';

const { seeds, story } = parseArgs({
  options: { seeds: { type: 'string', default: '1..200' }, story: { type: 'boolean', default: false } },
}).values;
const waiting = seedsIn(seeds);
const began = performance.now();
const lives: Life[] = [];

await Promise.all(Array.from({ length: Math.min(availableParallelism(), waiting.length) }, work));

const bad = lives.filter(({ faults }) => faults.length > 0).map(({ seed }) => seed);
const invocations = lives.reduce((sum, life) => sum + life.invocations, 0);
const seconds = Math.round((performance.now() - began) / 1_000);
print(
  `${lives.length} seeds, ${invocations} invocations, ${seconds} s; ${bad.length} failed ${bad.join(' ')}`,
);
process.exitCode = bad.length > 0 ? 1 : 0;

/** One thread, which takes one seed after the other. */
function work(): Promise<void> {
  const worker = new Worker(new URL('./main-thread.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const next = () => {
      const seed = waiting.shift();
      if (seed === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(seed);
    };
    worker.on('error', reject);
    worker.on('message', (life: Life) => {
      lives.push(life);
      if (life.faults.length > 0 || story) print(toldLife(life));
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

function toldLife({ seed, trace, faults }: Life): string {
  const verdict =
    faults.length > 0 ? `SEED ${seed} FAILS:\n  ${faults.join('\n  ')}` : `Seed ${seed} is well.`;
  return `${trace.join('\n')}\n${verdict}\n`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
