import { join } from 'node:path';
import { measuredBy, startServer } from '../processes.ts';
import type { PlanCost, PlanCosts } from './plan-ledger.ts';

/** The report of planning a target with so many windows of 15 minutes, on both ledgers. */
export async function planningLines(folder: string, windows: number): Promise<string[]> {
  const dynalite = await startServer('planning/dynalite-server.ts');
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
  await measuredBy('planning/seed-ledger.ts', [place, windows]);
  const costs = await measuredBy<PlanCosts>('planning/plan-ledger.ts', [place, windows]);
  const { withGap, healthy, coldMilliseconds, readingMilliseconds } = costs;
  const ratio = withGap.milliseconds / readingMilliseconds;
  return [
    `planning ${windows} windows, ${ledger}: ${ratio.toFixed(2)} times reading and parsing the rows whole`,
    `  with a gap at the beginning: ${formatCost(withGap)}; ${coldMilliseconds.toFixed(0)} ms as the first plan of a process`,
    `  healthy: ${formatCost(healthy)}`,
  ];
}

function formatCost({ milliseconds, rows, requests, windows }: PlanCost): string {
  return `${milliseconds.toFixed(1)} ms of CPU, rows: ${rows}, requests: ${requests}, windows to submit: ${windows}`;
}
