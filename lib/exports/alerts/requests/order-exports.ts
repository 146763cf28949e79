import type { Temporal } from 'temporal-polyfill';
import type { Target } from '../../../domain/input/target.ts';
import type { RequestTerms } from '../../../domain/ledger/request-row.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import { windowsOf } from '../../../domain/time/spans.ts';
import type { RunPorts } from '../../../run-ports.ts';
import { submitClaimed } from '../../window/export-window.ts';
import { type Limits, whenFree } from '../../window/jobs.ts';
import { deferredBecause, stopped, type WindowOutcome, type WindowResult } from '../../window/outcome.ts';
import { emitOutcome, reportDeferred } from '../../window/report-outcome.ts';
import * as transitions from '../../window/transitions.ts';
import { type ExportPlan, type PlannedExport, planExports } from './plan-exports.ts';
import type { ListedExports } from './rows.ts';

/** Reads what the ledger has now. Called again where another run ordered at the same time. */
type ReadNow = () => Promise<ListedExports & { requests: readonly RequestTerms[] }>;

type Ordering = { target: Target; read: ReadNow; interval: Temporal.Duration };

/** The results, and the last plan. */
export type Ordered = { results: WindowResult[]; plan: ExportPlan };

/**
 * Plans exports for alerts and orders them one after the other, each under the next number. If another run has taken the
 * number, it has ordered since the plan was made: the rest is then planned again. So no two runs order the same, and no
 * hour has more exports than allowed.
 */
export async function orderExports(ports: RunPorts, ordering: Ordering, limits: Limits): Promise<Ordered> {
  const { target, read, interval } = ordering;
  const results: WindowResult[] = [];
  for (let tries = 1; ; tries += 1) {
    const { nextNumber, ...found } = await read();
    const plan = planExports({ ...found, target, now: ports.clock(), interval });
    const done = await orderInTurn(ports, target, { plan, nextNumber }, limits);
    results.push(...done.results);
    if (done.isOutdated && tries < MOST_TRIES) continue;
    reportCoalesced(ports, target, plan);
    if (done.isOutdated) results.push(...reportOutdated(ports, target, plan));
    return { results, plan };
  }
}

// For the last plan only: earlier plans were replaced.
function reportCoalesced({ observe }: RunPorts, { id: targetId }: Target, { coalesced }: ExportPlan): void {
  if (coalesced > 0) observe({ type: 'alerts_coalesced', targetId, exports: coalesced });
}

// After that the next sweep plans, with all that the other runs have ordered.
const MOST_TRIES = 5;

function reportOutdated({ observe }: RunPorts, { id }: Target, { exports }: ExportPlan): WindowResult[] {
  const outcome = deferredBecause('other runs keep ordering exports for alerts; the next sweep goes on');
  return reportDeferred(observe, id, { windows: windowsOf(exports), outcome });
}

type Numbered = { plan: ExportPlan; nextNumber: number };

type Done = { results: WindowResult[]; isOutdated: boolean };

async function orderInTurn(
  ports: RunPorts,
  target: Target,
  { plan, nextNumber }: Numbered,
  limits: Limits,
): Promise<Done> {
  const results: WindowResult[] = [];
  let number = nextNumber;
  const next = (planned: PlannedExport) =>
    order(ports, target, { planned, number: number++, at: ports.clock() }, limits.signal);
  for (const [index, planned] of plan.exports.entries()) {
    const why = reasonToStop(limits);
    if (why) {
      const windows = windowsOf(plan.exports.slice(index));
      results.push(...reportDeferred(ports.observe, target.id, { windows, outcome: why }));
      break;
    }
    // A number is tried once, so an export that had to wait for others of the project gets the next number.
    const outcome = await whenFree(() => next(planned), limits.untilFree);
    if (!outcome) return { results, isOutdated: true };
    const result = { window: planned.window, result: outcome };
    emitOutcome(ports.observe, target.id, result);
    results.push(result);
  }
  return { results, isOutdated: false };
}

function reasonToStop({ signal, hold = () => undefined }: Limits) {
  if (signal.aborted) return stopped(signal);
  const why = hold();
  return why === undefined ? undefined : deferredBecause(why);
}

/** Claims the number and orders the export; undefined where another run has taken the number. */
async function order(
  ports: RunPorts,
  target: Target,
  { planned, number, at }: { planned: PlannedExport; number: number; at: Instant },
  signal: AbortSignal,
): Promise<WindowOutcome | undefined> {
  const { window, filters, alerts, attempt } = planned;
  const narrowed = { ...target, filters };
  const trigger = { kind: 'alert', scheduled_time: at.toString() } as const;
  const input = {
    target: narrowed,
    window,
    reason: 'alert',
    trigger,
    alerts,
    attempt,
    alertExport: { number, orderedAt: at },
  } as const;
  const row = transitions.claimed(undefined, input, at);
  if (!(await ports.ledger.save(row))) return undefined;
  return submitClaimed(ports, narrowed, row, signal);
}
