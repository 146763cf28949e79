import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, type Instant, isBefore } from '../../domain/time/instant.ts';
import { intersection, type Span, windowsOf } from '../../domain/time/spans.ts';
import type { Leased, RunPorts, WaitForOthers } from '../../run-ports.ts';
import type { Moment } from '../clock/moment.ts';
import { currentWindow } from '../coverage/due.ts';
import type { Assessment } from '../coverage/gaps.ts';
import type { RunScope } from '../coverage/init-coverage.ts';
import { assessFor, listWindows } from '../coverage/target-state.ts';
import type { TargetInput } from '../window/input.ts';
import { type Job, runJobs } from '../window/jobs.ts';
import { deferredBecause, leasedUntil, type WindowResult } from '../window/outcome.ts';
import { emitOutcome, reportDeferred } from '../window/report-outcome.ts';
import { jobsOf } from './plan.ts';
import type { Progress } from './run-input.ts';

type Work = {
  input: TargetInput;
  scope: RunScope;
  moment: Moment;
  state: { content: TargetRow; entries: WindowEntry[] };
  sweep: boolean;
};

type PassLimits = Progress & {
  hold: () => string | undefined;
  untilFree: () => Promise<boolean>;
  waitForOthers: WaitForOthers | undefined;
};

/**
 * Orders a target's windows. Where the run may wait for other runs, it makes another pass until no other run has a lease:
 * by then each window is exported, or free to be. Resolves to the coverage before the first pass.
 */
export async function workInPasses(
  ports: RunPorts,
  work: Work,
  { add, ...limits }: PassLimits,
): Promise<Assessment> {
  const { input, scope, state } = work;
  const first = assessFor(input.target, state, { ...scope, now: ports.clock() });
  let tried: Span[] = [];
  let pass = await onePass(ports, work, { seen: first, tried, isFirst: true }, limits);
  for (let barren = 0; pass.leased && barren < BARREN_PASSES; ) {
    barren = pass.isBarren ? barren + 1 : 0;
    const done = pass.results.filter(({ result }) => !isLeased(result));
    tried = [...tried, ...windowsOf(done)];
    add(done);
    await pass.wait();
    const entries = await listWindows(ports.ledger, input.target, { content: state.content, scope });
    const now = ports.clock();
    const seen = assessFor(input.target, { content: state.content, entries }, { ...scope, now });
    pass = await onePass(ports, work, { seen, tried }, limits);
  }
  add([...reportHandled(ports, work, { seen: pass.seen, tried }), ...pass.results]);
  return first;
}

// Passes in which other runs took every window first, and none of them still holds one. That may happen, but not
// endlessly.
const BARREN_PASSES = 12;

type PassState = { seen: Assessment; tried: readonly Span[]; isFirst?: boolean };

async function onePass(
  ports: RunPorts,
  { input, moment, sweep }: Work,
  { seen, tried, isFirst = false }: PassState,
  { signal, hold, untilFree, waitForOthers }: Omit<PassLimits, 'add'>,
) {
  const { id: targetId } = input.target;
  const excluded = sweep ? [...tried, ...seen.resting] : tried;
  const order = { now: ports.clock(), isUnverified: !moment.isVerified, excluded };
  const jobs = jobsOf(ports, { seen, input }, order, signal);
  if (isFirst) ports.observe({ type: 'target_planned', targetId, windows: jobs.length });
  const results = await doJobs(ports, { targetId, jobs, moment }, { signal, hold, untilFree });
  const leased = waitForOthers && !signal.aborted ? leasedBy(seen, results, ports.clock()) : undefined;
  const wait = async () => {
    if (leased) await waitForOthers?.(leased, signal);
  };
  const isBarren = seen.leased.length === 0 && results.every(({ result }) => isLeased(result));
  return { seen, results, leased, wait, isBarren };
}

type Doing = { targetId: string; jobs: readonly Job[]; moment: Moment };

async function doJobs(
  ports: RunPorts,
  { targetId, jobs, moment }: Doing,
  limits: Pick<PassLimits, 'signal' | 'hold' | 'untilFree'>,
): Promise<WindowResult[]> {
  if (moment.mayOrder) return runJobs(ports, targetId, jobs, limits);
  const local = jobs.filter(({ isLocal }) => isLocal);
  const windows = windowsOf(jobs.filter(({ isLocal }) => !isLocal));
  const why =
    moment.error?.kind === 'unavailable' ? 'its host does not answer' : 'the time at Huawei is in doubt';
  return [
    ...(await runJobs(ports, targetId, local, limits)),
    ...reportDeferred(ports.observe, targetId, { windows, outcome: deferredBecause(why) }),
  ];
}

function leasedBy(seen: Assessment, results: readonly WindowResult[], now: Instant): Leased | undefined {
  const lost = results.filter(({ result }) => isLeased(result)).length;
  const ends = [...seen.leased.map(({ until }) => until), ...(lost > 0 ? [now.add(READ_AGAIN_AFTER)] : [])];
  const until = earliest(ends);
  return until && { windows: seen.leased.length + lost, now, until };
}

// How long after another run has just taken a window the ledger is read again.
const READ_AGAIN_AFTER = { seconds: 5 };

function isLeased(result: WindowResult['result']): boolean {
  return result.outcome === 'deferred' && result.isLeased === true;
}

/** Reports the windows that other runs have handled. A sweep reports none: it has no window that somebody waits for. */
function reportHandled(ports: RunPorts, { input, sweep }: Work, { seen, tried }: PassState): WindowResult[] {
  if (sweep) return [];
  const isOthers = ({ window }: WindowResult) => intersection([window], tried).length === 0;
  const handled = alreadyHandled(input, seen).filter(isOthers);
  for (const one of handled) emitOutcome(ports.observe, input.target.id, one);
  return handled;
}

/** The run's current window where it needs no export, and the windows that other runs have leased. */
export function alreadyHandled(
  { target, scheduledTime }: Pick<TargetInput, 'target' | 'scheduledTime'>,
  seen: Assessment,
): WindowResult[] {
  const current = currentWindow({ target, scheduledTime });
  const leased = seen.leased.map(({ window, until }) => ({ window, result: leasedUntil(until) }));
  const open = [
    ...seen.gaps,
    ...seen.pastCutoff,
    ...seen.crossing,
    ...windowsOf(seen.leased),
    ...windowsOf(seen.unpublished),
  ];
  const isWanted = target.startAt === undefined || isBefore(target.startAt, current.end);
  const isCovered = isWanted && intersection([current], open).length === 0;
  return isCovered ? [...leased, { window: current, result: { outcome: 'covered' } }] : leased;
}
