import { target as targetSchema } from '../../../lib/domain/input/target.ts';
import type { AlertRequest } from '../../../lib/domain/ledger/request-row.ts';
import { filtersDigest, numberedSeries, type WindowEntry } from '../../../lib/domain/ledger/window-row.ts';
import { ON_SWEEP, planExports } from '../../../lib/exports/alerts/requests/plan-exports.ts';
import { FIRST } from './alert-days.ts';

/** The cost of planning for requests: CPU time of all threads, and the growth of the memory of the process. */
export type RequestPlanCost = { seconds: number; megabytes: number; exports: number };

const [requests = 0, addresses = 0, exports = 0] = process.argv.slice(2).map(Number);

const target = targetSchema.parse({ id: 'acme', region: 'ap-southeast-3', credential: 'huawei/acme' });
const now = FIRST.add({ hours: 24 });

// Requests of the last day, in all states: some are due, some were never exported, some end in the future.
const open = Array.from({ length: requests }, (_, index): AlertRequest => {
  const arrivedAt = now.subtract({ seconds: Math.floor((86_400 * (requests - index)) / requests) });
  return {
    targetId: 'acme',
    alertId: `finding-${index}`,
    source: 'aws.guardduty',
    types: ['UnauthorizedAccess:IAMUser/MaliciousIPCaller'],
    window: {
      start: arrivedAt.subtract({ minutes: 120 + (index % 60) }),
      end: arrivedAt.add({ minutes: index % 600 }),
    },
    seenUntil: arrivedAt,
    filters: { public_ip: addressOf(index) },
    arrivedAt,
    ...{ state: 'open', lost: [], tasks: [], version: 1, writeId: `write-${index}`, updatedAt: arrivedAt },
  };
});

// Exports every five minutes; a third of them are of all records.
const entries = Array.from({ length: exports }, (_, index): WindowEntry => {
  const orderedAt = now.subtract({ minutes: 5 * (exports - index) });
  return {
    targetId: 'acme',
    window: { start: orderedAt.subtract({ hours: 2 }), end: orderedAt },
    filtersDigest: filtersDigest(index % 3 === 0 ? {} : { public_ip: addressOf(index) }),
    series: numberedSeries(index + 1),
    ...{ state: 'confirmed', reason: 'alert', attempt: 1, orphans: 0, taskId: `task-${index}` },
    orderedAt,
    publishedAt: orderedAt,
  };
});

const before = process.resourceUsage().maxRSS;
const begin = process.cpuUsage();
const plan = planExports({ target, now, requests: open, entries, interval: ON_SWEEP });
const { user, system } = process.cpuUsage(begin);
const cost: RequestPlanCost = {
  seconds: (user + system) / 1e6,
  megabytes: (process.resourceUsage().maxRSS - before) / 1024,
  exports: plan.exports.length,
};
process.stdout.write(JSON.stringify(cost));

function addressOf(index: number): string {
  const address = index % addresses;
  return `198.51.${Math.floor(address / 250)}.${address % 250}`;
}
