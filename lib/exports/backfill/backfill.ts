import { asExportError } from '../../domain/errors.ts';
import { CLOCK_TOLERANCE } from '../../domain/time/clock-offset.ts';
import { earliest, type Instant, isAfter } from '../../domain/time/instant.ts';
import { type Span, union, windowsOf, without } from '../../domain/time/spans.ts';
import type { Leased, RunPorts, ServicePorts, WaitForOthers } from '../../run-ports.ts';
import type { Moment } from '../clock/moment.ts';
import { repairUnreadable } from '../run/repair.ts';
import { createHostHealth } from '../vendor/host-health.ts';
import { portsOfTarget } from '../vendor/target-ports.ts';
import { type Job, runJobs } from '../window/jobs.ts';
import { deferredBecause, leasedUntil, stopped, type WindowResult } from '../window/outcome.ts';
import { emitOutcome, reportFailed } from '../window/report-outcome.ts';
import { reportTarget, type TargetReport } from '../window/run-report.ts';
import { LEASE } from '../window/transitions.ts';
import { assessRange, backfillResults, type RangeAssessment } from './backfill-gaps.ts';
import { type BackfillInput, jobsIn } from './backfill-jobs.ts';
import { beginBackfill, endBackfill } from './open-backfills.ts';

/** What a backfill starts with. */
export type BackfillPorts = ServicePorts & { waitForOthers: WaitForOthers };

/** A backfill, and the clock that it goes by. */
export type Backfill = BackfillInput & { moment: Moment };

/**
 * Exports every gap of a range, oldest first, including windows that are exhausted for runs and, once the lease is over, the
 * windows of a run that died. A window that fails is not tried again. Never throws; failures are in the report. Its `lost`
 * is what Huawei no longer has; recording the loss is left to the runs.
 */
export async function backfill(
  service: BackfillPorts,
  { moment, ...request }: Backfill,
  signal: AbortSignal,
): Promise<TargetReport> {
  const input = { ...request, isUnverified: !moment.isVerified };
  const { target, range: window } = input;
  const done: WindowResult[] = [];
  try {
    const work = { target, clock: moment.clock, health: createHostHealth() };
    const { ports, limits } = await portsOfTarget(service, work, signal);
    const found = await workUntilQuiet(ports, input, { done, ...limits });
    // By an unverified clock nothing is lost, and nothing is over.
    const seen = moment.isVerified ? found : { ...found, lost: [] };
    reportRest(ports, target.id, seen);
    const why = limits.hold();
    const rest = why === undefined || signal.aborted ? stopped(signal) : deferredBecause(why);
    if (moment.isVerified && isThrough(seen)) await endBackfill(ports, target, without([window], seen.lost));
    return reportTarget(target.id, [
      ...backfillResults(target, seen, { done, rest }),
      ...inDoubt(input, moment),
    ]);
  } catch (thrown) {
    const error = asExportError(thrown);
    const failure = reportFailed(service.observe, { targetId: target.id, window, error });
    return reportTarget(target.id, [...done, failure]);
  }
}

type Ports = RunPorts & Pick<BackfillPorts, 'waitForOthers'>;

function inDoubt({ range: window }: BackfillInput, { error }: Moment): WindowResult[] {
  return error ? [{ window, result: { outcome: 'failed', error } }] : [];
}

type Progress = {
  /** The windows that are published or failed so far. */
  done: WindowResult[];
  signal: AbortSignal;
  /** Why no more exports should be ordered for now; undefined where nothing speaks against it. */
  hold: () => string | undefined;
  untilFree: () => Promise<boolean>;
};

// Passes in which other runs took every window first. That may happen once; after that the backfill ends.
const BARREN_PASSES = 2;
const BARREN_WAIT = { seconds: 5 };

/** Makes passes over the range until there is nothing to do in it. Resolves to its coverage at the end. */
async function workUntilQuiet(
  ports: Ports,
  input: BackfillInput,
  { done, signal, hold, untilFree }: Progress,
): Promise<RangeAssessment> {
  const hopeless = new AbortController();
  const stop = AbortSignal.any([signal, hopeless.signal]);
  const progress = { done, signal, onHopeless: () => hopeless.abort() };
  let seen = await assess(ports, input);
  await begin(ports, input, [...jobsIn(ports, input, seen, progress), ...seen.leased]);
  for (let barren = 0; barren < BARREN_PASSES && !stop.aborted; seen = await assess(ports, input)) {
    const jobs = jobsIn(ports, input, seen, progress);
    const results = await runJobs(ports, input.target.id, jobs, { signal: stop, hold, untilFree });
    done.push(...results.filter(wasTried));
    const next = nextWait({ jobs, results, seen, hold }, ports.clock());
    if (next === 'go on') continue;
    if (next === 'end') return assess(ports, input);
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
  if (results.some(wasTried)) return 'go on';
  return (jobs.length > 0 ? takenByOthers(jobs, now) : soonFree(seen, now)) ?? 'end';
}

async function assess(ports: RunPorts, { target, range }: BackfillInput): Promise<RangeAssessment> {
  const entries = await repairUnreadable(ports, await ports.ledger.list(target.id, range.start));
  return assessRange({ target, range, entries, now: ports.clock() });
}

// Before the first window is ordered: from then on the runs must see the backfill's windows, wherever coverage begins.
async function begin(
  ports: RunPorts,
  { target }: BackfillInput,
  planned: readonly { window: Span }[],
): Promise<void> {
  ports.observe({ type: 'target_planned', targetId: target.id, windows: planned.length });
  const missing = union(windowsOf(planned));
  if (missing.length > 0) await beginBackfill(ports, target, missing);
}

// A lease that ends later than any lease can was written by a wrong clock; waiting for its end might take years.
function soonFree({ leased }: RangeAssessment, now: Instant): Leased | undefined {
  const latest = now.add(LEASE).add(CLOCK_TOLERANCE);
  const ends = leased.map(({ until }) => until).filter((until) => !isAfter(until, latest));
  const until = earliest(ends);
  return until && { windows: ends.length, now, until };
}

function takenByOthers(jobs: readonly Job[], now: Instant): Leased {
  return { windows: jobs.length, now, until: now.add(BARREN_WAIT) };
}

function wasTried({ result }: WindowResult): boolean {
  return result.outcome === 'published' || result.outcome === 'failed';
}

/** Nothing of the range can still be ordered, and no other run has a lease in it. */
function isThrough({ gaps, unpublished, leased }: RangeAssessment): boolean {
  return gaps.length + unpublished.length + leased.length === 0;
}

function reportRest({ observe }: RunPorts, targetId: string, { leased, lost }: RangeAssessment): void {
  for (const window of lost) observe({ type: 'window_lost', targetId, window });
  for (const { window, until } of leased) {
    emitOutcome(observe, targetId, { window, result: leasedUntil(until) });
  }
}
