import type { Target } from '../../../domain/input/target.ts';
import type { AlertRequest } from '../../../domain/ledger/request-row.ts';
import { leftOf, union, windowsOf } from '../../../domain/time/spans.ts';
import type { RunPorts } from '../../../run-ports.ts';
import { deferredBecause, type WindowResult } from '../../window/outcome.ts';
import { emitOutcome, reportDeferred } from '../../window/report-outcome.ts';
import type { Closing } from './closings.ts';
import { coverageBy, servingTasks } from './coverage.ts';
import type { ExportPlan, WaitingNeed } from './plan-exports.ts';
import type { ListedExports } from './rows.ts';

type Received = {
  kept: readonly AlertRequest[];
  listed: ListedExports;
  found: readonly Pick<Closing, 'request' | 'reportedLost'>[];
};

/** Reports each alert, with the tasks that have a part of it already. A request that is exported whole is a result. */
export function reportReceived(
  { observe, clock }: RunPorts,
  target: Target,
  { kept, listed, found }: Received,
): WindowResult[] {
  const reportedOf = new Map(found.map(({ request, reportedLost }) => [request, reportedLost]));
  // Only published exports: what another run is about to order is not exported yet.
  const published = listed.entries.filter(({ state }) => state === 'published' || state === 'confirmed');
  const coverageFor = coverageBy(published, { target, now: clock() });
  const results: WindowResult[] = [];
  for (const [alertId, requests] of Map.groupBy(kept, (request) => request.alertId)) {
    const tasks = new Set(requests.flatMap((request) => servingTasks(request, coverageFor(request.filters))));
    observe({
      type: 'alert_received',
      targetId: target.id,
      alertId,
      windows: requests.length,
      tasks: [...tasks],
      lost: union(requests.flatMap((request) => reportedOf.get(request) ?? request.lost)),
      exhausted: union(requests.flatMap((request) => request.exhausted?.spans ?? [])),
    });
    for (const { filters, window } of requests) {
      if (leftOf(window, coverageFor(filters).complete).length > 0) continue;
      const covered = { window, result: { outcome: 'covered' } } as const;
      emitOutcome(observe, target.id, covered);
      results.push(covered);
    }
  }
  return results;
}

/**
 * Reports what was seen and is not exported now. A request that only waits for the coalescing interval is not reported.
 */
export function reportWaiting(
  { observe }: RunPorts,
  { id }: Target,
  { waiting }: ExportPlan,
  own: readonly AlertRequest[],
): WindowResult[] {
  const ids = new Set(own.map(({ alertId }) => alertId));
  const isReportable = ({ isUrgent, requests }: WaitingNeed) =>
    isUrgent && requests.some(({ alertId }) => ids.has(alertId));
  const windowsFor = (why: WaitingNeed['why']) =>
    windowsOf(waiting.filter((need) => need.why === why && isReportable(need)));
  const [failed, slots] = [windowsFor('failed'), windowsFor('slots')];
  return [
    ...reportDeferred(observe, id, {
      windows: failed,
      outcome: deferredBecause('the same has just failed; the next sweep orders it'),
    }),
    ...reportDeferred(observe, id, {
      windows: slots,
      outcome: deferredBecause('no slot is left in this hour; a later sweep orders it'),
    }),
  ];
}
