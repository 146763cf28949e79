import { asExportError } from '../../domain/errors.ts';
import { earliest, type Instant, isAfter } from '../../domain/time/instant.ts';
import { type Span, union, without } from '../../domain/time/spans.ts';
import type { Leased, RunPorts, ServicePorts, WaitForOthers } from '../../run-ports.ts';
import { boundWork } from '../run/bound-work.ts';
import { createHostHealth } from '../run/host-health.ts';
import type { Moment } from '../run/moment.ts';
import { repairUnreadable } from '../run/repair.ts';
import { emitOutcome, type Job, runJobs } from '../window/jobs.ts';
import { CLOCK_TOLERANCE } from '../window/next-action.ts';
import { deferredBecause, leasedUntil, stopped } from '../window/outcome.ts';
import { reportTarget, type TargetReport, type WindowResult } from '../window/report.ts';
import { LEASE } from '../window/transitions.ts';
import { assessRange, backfillResults, type RangeAssessment } from './gaps.ts';
import { type BackfillInput, jobsIn } from './jobs.ts';
import { beginBackfill, endBackfill } from './open-backfills.ts';

/** What a backfill starts with. */
export type BackfillPorts = ServicePorts & { waitForOthers: WaitForOthers };

/** A backfill, and whose time it goes by. */
export type Backfill = BackfillInput & { moment: Moment };

/**
 * Exports every gap of a range, oldest first: also what the runs have exhausted and, once its lease is over, what a
 * dead run left. A window that fails is not tried again. Never throws; what fails is in the report. `lost` in it is
 * what Huawei no longer has; to write that down is the runs' business.
 */
export async function backfill(
  service: BackfillPorts,
  { moment, ...asked }: Backfill,
  signal: AbortSignal,
): Promise<TargetReport> {
  const input = { ...asked, isUnverified: !moment.isVerified };
  const { target, range: window } = input;
  const done: WindowResult[] = [];
  try {
    const work = { target, clock: moment.clock, health: createHostHealth() };
    const { ports, limits } = await boundWork(service, work, signal);
    const found = await workUntilQuiet(ports, input, { done, ...limits });
    // By a clock that nobody confirms nothing is lost, and nothing is over.
    const seen = moment.isVerified ? found : { ...found, lost: [] };
    tellRest(ports, target.id, seen);
    const why = limits.hold();
    const rest = why === undefined || signal.aborted ? stopped(signal) : deferredBecause(why);
    if (moment.isVerified && isThrough(seen)) await endBackfill(ports, target, without([window], seen.lost));
    return reportTarget(target.id, [
      ...backfillResults(target, seen, { done, rest }),
      ...inDoubt(input, moment),
    ]);
  } catch (thrown) {
    const error = asExportError(thrown);
    service.observe({ type: 'window_failed', targetId: target.id, window, error });
    return reportTarget(target.id, [...done, { window, result: { outcome: 'failed', error } }]);
  }
}

type Ports = RunPorts & Pick<BackfillPorts, 'waitForOthers'>;

function inDoubt({ range: window }: BackfillInput, { error }: Moment): WindowResult[] {
  return error ? [{ window, result: { outcome: 'failed', error } }] : [];
}

type Progress = {
  /** What is published so far, and what failed. */
  done: WindowResult[];
  signal: AbortSignal;
  /** Why no more exports should be ordered for now, if anything speaks against it. */
  hold: () => string | undefined;
  untilFree: () => Promise<boolean>;
};

// Passes in which others snatched every window away. It may happen once; more often, nothing will come of it.
const BARREN_PASSES = 2;
const BARREN_WAIT = { seconds: 5 };

/** Makes passes over the range until there is nothing to do in it. Resolves to how it then stands. */
async function workUntilQuiet(
  ports: Ports,
  input: BackfillInput,
  { done, signal, hold, untilFree }: Progress,
): Promise<RangeAssessment> {
  const hopeless = new AbortController();
  const stop = AbortSignal.any([signal, hopeless.signal]);
  const progress = { done, signal, onHopeless: () => hopeless.abort() };
  let seen = await look(ports, input);
  await begin(ports, input, [...jobsIn(ports, input, seen, progress), ...seen.leased]);
  for (let barren = 0; barren < BARREN_PASSES && !stop.aborted; seen = await look(ports, input)) {
    const jobs = jobsIn(ports, input, seen, progress);
    const results = await runJobs(ports, input.target.id, jobs, { signal: stop, hold, untilFree });
    done.push(...results.filter(isFinal));
    const next = nextWait({ jobs, results, seen, hold }, ports.clock());
    if (next === 'go on') continue;
    if (next === 'end') return look(ports, input);
    barren += Math.min(jobs.length, 1);
    await ports.waitForOthers(next, signal);
  }
  return seen;
}

type Pass = Pick<Progress, 'hold'> & {
  jobs: readonly Job[];
  results: readonly WindowResult[];
  seen: RangeAssessment;
};

/** What comes after a pass: another at once, one after a wait, or none. */
function nextWait({ jobs, results, seen, hold }: Pass, now: Instant): Leased | 'go on' | 'end' {
  if (hold() !== undefined) return 'end';
  if (results.some(isFinal)) return 'go on';
  return (jobs.length > 0 ? inOtherHands(jobs, now) : soonFree(seen, now)) ?? 'end';
}

async function look(ports: RunPorts, { target, range }: BackfillInput): Promise<RangeAssessment> {
  const entries = await repairUnreadable(ports, await ports.ledger.list(target.id, range.start));
  return assessRange({ target, range, entries, now: ports.clock() });
}

// Before the first window is ordered: from then on the runs must look after it, wherever their coverage begins.
async function begin(
  ports: RunPorts,
  { target }: BackfillInput,
  planned: readonly { window: Span }[],
): Promise<void> {
  ports.observe({ type: 'target_planned', targetId: target.id, windows: planned.length });
  const missing = union(planned.map(({ window }) => window));
  if (missing.length > 0) await beginBackfill(ports, target, missing);
}

// A lease that ends later than any can is of another clock, and waiting for it might take years.
function soonFree({ leased }: RangeAssessment, now: Instant): Leased | undefined {
  const latest = now.add(LEASE).add(CLOCK_TOLERANCE);
  const ends = leased.map(({ until }) => until).filter((until) => !isAfter(until, latest));
  const until = earliest(ends);
  return until && { windows: ends.length, now, until };
}

function inOtherHands(jobs: readonly Job[], now: Instant): Leased {
  return { windows: jobs.length, now, until: now.add(BARREN_WAIT) };
}

function isFinal({ result }: WindowResult): boolean {
  return result.outcome === 'published' || result.outcome === 'failed';
}

/** Nothing of the range can still be ordered, and nothing is in the hands of another run. */
function isThrough({ gaps, unpublished, leased }: RangeAssessment): boolean {
  return gaps.length + unpublished.length + leased.length === 0;
}

function tellRest({ observe }: RunPorts, targetId: string, { leased, lost }: RangeAssessment): void {
  for (const window of lost) observe({ type: 'window_lost', targetId, window });
  for (const { window, until } of leased) {
    emitOutcome(observe, targetId, { window, result: leasedUntil(until) });
  }
}
