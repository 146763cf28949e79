import type { Temporal } from 'temporal-polyfill';
import type { Target } from '../../../domain/input/target.ts';
import type { AskedRequest } from '../../../domain/ledger/request-row.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import type { RunPorts } from '../../../run-ports.ts';
import { submitClaimed } from '../../window/export-window.ts';
import { emitOutcome, type Limits, reportDeferred } from '../../window/jobs.ts';
import { deferredBecause, stopped, type WindowOutcome } from '../../window/outcome.ts';
import type { WindowResult } from '../../window/report.ts';
import * as transitions from '../../window/transitions.ts';
import { type ExportPlan, type PlannedExport, planExports } from './plan.ts';
import type { ListedExports } from './rows.ts';

/** Reads what the ledger has now; is called again where another run ordered at the same time. */
export type Look = () => Promise<ListedExports & { requests: readonly AskedRequest[] }>;

type Ordering = { target: Target; look: Look; interval: Temporal.Duration };

/** What was ordered, and the plan that it was ordered by last. */
export type Ordered = { results: WindowResult[]; plan: ExportPlan };

/**
 * Plans exports for alerts and orders them one after the other, each under the next number. A number that is taken means
 * that another run has ordered since the plan was made: then what is left is planned anew, by what that run ordered. So
 * no two runs order the same, and no hour has more exports than it may.
 */
export async function orderExports(ports: RunPorts, ordering: Ordering, limits: Limits): Promise<Ordered> {
  const { target, look, interval } = ordering;
  const results: WindowResult[] = [];
  for (let tries = 1; ; tries += 1) {
    const { nextNumber, ...found } = await look();
    const plan = planExports({ ...found, target, now: ports.clock(), interval });
    const done = await orderInTurn(ports, target, { plan, nextNumber }, limits);
    results.push(...done.results);
    if (done.isOvertaken && tries < MOST_TRIES) continue;
    tellCoalesced(ports, target, plan);
    if (done.isOvertaken) results.push(...tellOvertaken(ports, target, plan));
    return { results, plan };
  }
}

// Of the last plan: those before it were overtaken, and made anew.
function tellCoalesced({ observe }: RunPorts, { id: targetId }: Target, { coalesced }: ExportPlan): void {
  if (coalesced > 0) observe({ type: 'alerts_coalesced', targetId, exports: coalesced });
}

// After that it is left to the next sweep, which plans by what all of them have ordered.
const MOST_TRIES = 5;

function tellOvertaken({ observe }: RunPorts, { id }: Target, { exports }: ExportPlan): WindowResult[] {
  const outcome = deferredBecause('other runs keep ordering exports for alerts; the next sweep goes on');
  return reportDeferred(observe, id, { windows: exports.map(({ window }) => window), outcome });
}

type Numbered = { plan: ExportPlan; nextNumber: number };

type Done = { results: WindowResult[]; isOvertaken: boolean };

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
      const windows = plan.exports.slice(index).map(({ window }) => window);
      results.push(...reportDeferred(ports.observe, target.id, { windows, outcome: why }));
      break;
    }
    const outcome = await untilNotBusy(() => next(planned), limits);
    if (!outcome) return { results, isOvertaken: true };
    const result = { window: planned.window, result: outcome };
    emitOutcome(ports.observe, target.id, result);
    results.push(result);
  }
  return { results, isOvertaken: false };
}

function reasonToStop({ signal, hold = () => undefined }: Limits) {
  if (signal.aborted) return stopped(signal);
  const why = hold();
  return why === undefined ? undefined : deferredBecause(why);
}

// A number is tried once, so an export that had to wait for others of the project goes on under the next.
async function untilNotBusy(
  attempt: () => Promise<WindowOutcome | undefined>,
  { untilFree }: Limits,
): Promise<WindowOutcome | undefined> {
  let outcome = await attempt();
  for (let turns = 0; turns < MOST_TURNS && isBusy(outcome) && (await untilFree?.()); turns += 1)
    outcome = await attempt();
  return outcome;
}

const MOST_TURNS = 3;

/** Undefined where another run has the number. */
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
    order: { number, at },
  } as const;
  const row = transitions.claimed(undefined, input, at);
  if (!(await ports.ledger.save(row))) return undefined;
  return submitClaimed(ports, narrowed, row, signal);
}

function isBusy(outcome: WindowOutcome | undefined): boolean {
  return outcome?.outcome === 'deferred' && outcome.isBusy === true;
}
