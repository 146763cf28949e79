import { inTurns, median } from '../in-turns.ts';
import { measuredBy, startServer } from '../processes.ts';
import type { ProcessCost } from './process-cost.ts';

type Fleets = {
  sizes: readonly number[];
  /** How long the cloud takes to answer; with 0 it is at once. */
  answerMilliseconds: number;
  rounds: number;
};

/** The report of exporting one window of each target in one process, compared with a loop of the same calls. */
export async function targetLines({ sizes, answerMilliseconds, rounds }: Fleets): Promise<string[]> {
  const emulator = await startServer('targets/emulator-server.ts', [Math.max(...sizes), answerMilliseconds]);
  const answer = answerMilliseconds > 0 ? `after ${answerMilliseconds} ms` : 'at once';
  const lines = [`exporting, against an undici loop of the same calls, when the cloud answers ${answer}:`];
  try {
    for (const size of sizes) {
      const run = (program: string) => () => measuredBy<ProcessCost>(program, [emulator.origin, size]);
      const [exports = [], calls = []] = await inTurns(rounds, [
        run('targets/export-fleet.ts'),
        run('targets/call-loop.ts'),
      ]);
      lines.push(...formatCosts(size, medians(exports), medians(calls)));
    }
  } finally {
    await emulator.stop();
  }
  return lines;
}

function medians(costs: readonly ProcessCost[]): ProcessCost {
  return {
    seconds: median(costs.map(({ seconds }) => seconds)),
    writingSeconds: median(costs.map(({ writingSeconds }) => writingSeconds)),
    peakMegabytes: median(costs.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

function formatCosts(size: number, ours: ProcessCost, bare: ProcessCost): string[] {
  const [ratio, memory] = [ours.seconds / bare.seconds, ours.peakMegabytes / bare.peakMegabytes];
  return [
    `  ${size} targets: ${ratio.toFixed(1)} times the time, ${memory.toFixed(2)} times the peak memory`,
    `    ${ours.seconds.toFixed(2)} s (${ours.writingSeconds.toFixed(2)} s of it durable writes) and ${bare.seconds.toFixed(2)} s, ` +
      `${ours.peakMegabytes.toFixed(0)} MB and ${bare.peakMegabytes.toFixed(0)} MB`,
  ];
}
