import { measuredBy } from '../processes.ts';
import type { RequestPlanCost } from './plan-requests.ts';

type Size = { requests: number; addresses: number; exports: number };

/** The report of planning for so many open requests of one target. */
export async function requestPlanningLines({ requests, addresses, exports }: Size): Promise<string[]> {
  const cost = await measuredBy<RequestPlanCost>('alerts/plan-requests.ts', [requests, addresses, exports]);
  const size = `${requests} open requests about ${addresses} addresses, ${exports} exports in the list`;
  return [
    `planning for alerts, ${size}:`,
    `  ${cost.seconds.toFixed(2)} s of CPU, ${cost.megabytes.toFixed(0)} MB, exports to submit: ${cost.exports}`,
  ];
}
