import type { Target } from '../../../domain/input/target.ts';
import type { AlertRequest } from '../../../domain/ledger/request-row.ts';
import { leftOf, union } from '../../../domain/time/spans.ts';
import type { RunPorts } from '../../../run-ports.ts';
import { emitOutcome, reportDeferred } from '../../window/jobs.ts';
import { deferredBecause } from '../../window/outcome.ts';
import type { WindowResult } from '../../window/report.ts';
import type { Closing } from './close.ts';
import { coverageBy, servingTasks } from './coverage.ts';
import type { ExportPlan, WaitingNeed } from './plan.ts';
import type { ListedExports } from './rows.ts';

type Received = {
  kept: readonly AlertRequest[];
  listed: ListedExports;
  found: readonly Pick<Closing, 'request' | 'toldLost'>[];
};

/** Tells of each alert, with the tasks that have part of what it asks for already; of what they have whole it is a result. */
export function tellReceived(
  { observe, clock }: RunPorts,
  target: Target,
  { kept, listed, found }: Received,
): WindowResult[] {
  const toldOf = new Map(found.map(({ request, toldLost }) => [request, toldLost]));
  // What another run is about to order is not exported yet.
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
      lost: union(requests.flatMap((request) => toldOf.get(request) ?? request.lost)),
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

/** What was seen and is not exported now; what is only gathered with what was ordered a moment ago is no news. */
export function tellWaiting(
  { observe }: RunPorts,
  { id }: Target,
  { waiting }: ExportPlan,
  own: readonly AlertRequest[],
): WindowResult[] {
  const ids = new Set(own.map(({ alertId }) => alertId));
  const isNews = ({ isUrgent, requests }: WaitingNeed) =>
    isUrgent && requests.some(({ alertId }) => ids.has(alertId));
  const windowsOf = (why: WaitingNeed['why']) =>
    waiting.filter((need) => need.why === why && isNews(need)).map(({ window }) => window);
  const [failed, slots] = [windowsOf('failed'), windowsOf('slots')];
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
