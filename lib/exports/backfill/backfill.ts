import { asExportError } from '../../domain/errors.ts';
import { earlier, type Instant, isAfter } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import { reportTarget, type TargetReport, type WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { watchFrom } from '../scheduled/target-row.ts';
import { type Job, tellOutcome, workThrough } from '../scheduled/work-through.ts';
import { LEASE } from '../window/transitions.ts';
import { heldUntil } from '../window/window-outcome.ts';
import { type BackfillDemand, jobsIn } from './backfill-jobs.ts';
import { backfillResults } from './backfill-results.ts';
import { type RangeSurvey, surveyRange } from './range-survey.ts';

/** Windows in the hands of other runs, and when the first of them is free at the latest. */
export type Held = { windows: number; until: Instant };

export type BackfillPorts = RunPorts & {
  /** Lets some time pass, until `until` at the most, or until the signal aborts. Must not throw. */
  waitForOthers(held: Held, signal: AbortSignal): Promise<void>;
};

/**
 * Exports every hole of a range, oldest first: also what the runs have given up and, once its lease is over, what a
 * dead run left. A window that fails is not tried again. Never throws; what fails is in the report. `lost` in it is
 * what Huawei no longer has; to write that down is the runs' business.
 */
export async function backfill(
  ports: BackfillPorts,
  demand: BackfillDemand,
  signal: AbortSignal,
): Promise<TargetReport> {
  const { target, range: window } = demand;
  const done: WindowResult[] = [];
  try {
    const seen = await workUntilQuiet(ports, demand, { done, signal });
    tellRest(ports, target.id, seen);
    return reportTarget(target.id, backfillResults(target, seen, done));
  } catch (thrown) {
    const error = asExportError(thrown);
    ports.observe({ type: 'window_failed', targetId: target.id, window, error });
    return reportTarget(target.id, [...done, { window, result: { outcome: 'failed', error } }]);
  }
}

type Progress = {
  /** What is announced so far, and what failed. */
  done: WindowResult[];
  signal: AbortSignal;
};

// Passes in which others snatched every window away. It may happen once; more often, nothing will come of it.
const BARREN_PASSES = 2;
const BARREN_WAIT = { seconds: 5 };

/** Makes passes over the range until there is nothing to do in it. Resolves to how it then stands. */
async function workUntilQuiet(
  ports: BackfillPorts,
  demand: BackfillDemand,
  { done, signal }: Progress,
): Promise<RangeSurvey> {
  const hopeless = new AbortController();
  const stop = AbortSignal.any([signal, hopeless.signal]);
  const progress = { done, signal, onHopeless: () => hopeless.abort() };
  let seen = await look(ports, demand);
  await begin(ports, demand, [...jobsIn(ports, demand, seen, progress), ...seen.waiting]);
  for (let barren = 0; barren < BARREN_PASSES && !stop.aborted; seen = await look(ports, demand)) {
    const jobs = jobsIn(ports, demand, seen, progress);
    const results = await workThrough(ports, demand.target.id, jobs, stop);
    done.push(...results.filter(isFinal));
    if (results.some(({ result }) => result.outcome !== 'left')) continue;
    const held = jobs.length > 0 ? inOtherHands(jobs, ports.clock()) : soonFree(seen, ports.clock());
    if (!held) break;
    barren += Math.min(jobs.length, 1);
    await ports.waitForOthers(held, signal);
  }
  return seen;
}

async function look({ ledger, clock }: RunPorts, { target, range }: BackfillDemand): Promise<RangeSurvey> {
  const entries = await ledger.list(target.id, range.start);
  return surveyRange({ target, range, entries, now: clock() });
}

// Before the first window is ordered: from then on the runs must look after it, wherever their coverage begins.
async function begin(
  ports: RunPorts,
  { target }: BackfillDemand,
  planned: readonly { window: Span }[],
): Promise<void> {
  ports.observe({ type: 'target_planned', targetId: target.id, windows: planned.length });
  const [first, ...others] = planned.map(({ window }) => window.start);
  if (first) await watchFrom(ports, target.id, others.reduce(earlier, first));
}

// A lease that ends later than any can is of another clock, and waiting for it might take years.
function soonFree({ waiting }: RangeSurvey, now: Instant): Held | undefined {
  const ends = waiting.map(({ until }) => until).filter((until) => !isAfter(until, now.add(LEASE)));
  const [first, ...others] = ends;
  return first && { windows: ends.length, until: others.reduce(earlier, first) };
}

function inOtherHands(jobs: readonly Job[], now: Instant): Held {
  return { windows: jobs.length, until: now.add(BARREN_WAIT) };
}

function isFinal({ result }: WindowResult): boolean {
  return result.outcome === 'announced' || result.outcome === 'failed';
}

function tellRest({ observe }: RunPorts, targetId: string, { waiting, lost }: RangeSurvey): void {
  for (const window of lost) observe({ type: 'window_lost', targetId, window });
  for (const { window, until } of waiting) {
    tellOutcome(observe, targetId, { window, result: heldUntil(until) });
  }
}
