import { join } from 'node:path';
import type { PlanCost, PlanCosts } from './plan-ledger.ts';
import { measuredBy, startServer } from '../processes.ts';

/** What it takes to plan a target with so many windows of 15 minutes, on both ledgers. */
export async function planningLines(folder: string, windows: number): Promise<string[]> {
  const dynalite = await startServer('dynalite-server.ts');
  try {
    return [
      ...(await linesFor('SQLite', join(folder, 'planning.sqlite'), windows)),
      ...(await linesFor('DynamoDB', dynalite.origin, windows)),
    ];
  } finally {
    await dynalite.stop();
  }
}

async function linesFor(ledger: string, place: string, windows: number): Promise<string[]> {
  await measuredBy('seed-ledger.ts', [place, windows]);
  const costs = await measuredBy<PlanCosts>('plan-ledger.ts', [place, windows]);
  const { withGap, healthy, coldMilliseconds, readingMilliseconds } = costs;
  const ratio = withGap.milliseconds / readingMilliseconds;
  return [
    `planning ${windows} windows, ${ledger}: ${ratio.toFixed(2)} times reading and parsing the rows whole`,
    `  with a gap at the beginning: ${told(withGap)}; ${coldMilliseconds.toFixed(0)} ms as the first plan of a process`,
    `  healthy: ${told(healthy)}`,
  ];
}

function told({ milliseconds, rows, requests, windows }: PlanCost): string {
  return `${milliseconds.toFixed(1)} ms of CPU, rows: ${rows}, requests: ${requests}, windows to order: ${windows}`;
}
