import type { RequestPlanCost } from './plan-requests.ts';
import { measuredBy } from '../processes.ts';

type Size = { requests: number; addresses: number; exports: number };

/** What it takes to plan for so many open requests of one target. */
export async function requestPlanningLines({ requests, addresses, exports }: Size): Promise<string[]> {
  const cost = await measuredBy<RequestPlanCost>('plan-requests.ts', [requests, addresses, exports]);
  const size = `${requests} open requests about ${addresses} addresses, ${exports} exports in the list`;
  return [
    `planning for alerts, ${size}:`,
    `  ${cost.seconds.toFixed(2)} s of CPU, ${cost.megabytes.toFixed(0)} MB, exports to order: ${cost.exports}`,
  ];
}
