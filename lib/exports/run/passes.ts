import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, type Instant, isBefore } from '../../domain/time/instant.ts';
import { intersection, type Span } from '../../domain/time/spans.ts';
import type { Leased, RunPorts, WaitForOthers } from '../../run-ports.ts';
import type { Assessment } from '../coverage/assess.ts';
import type { Opening } from '../coverage/opening.ts';
import { currentWindow, planOf } from '../coverage/plan.ts';
import { assessFor, listFrom } from '../coverage/state.ts';
import { publishKept, submitWindow } from '../window/export-window.ts';
import { emitOutcome, type Job, reportDeferred, runJobs } from '../window/jobs.ts';
import { deferredBecause, leasedUntil, type TargetInput } from '../window/outcome.ts';
import type { WindowResult } from '../window/report.ts';
import type { Moment } from './moment.ts';
import type { Progress } from './share.ts';

type Calendar = {
  input: TargetInput;
  asked: Opening;
  moment: Moment;
  state: { content: TargetRow; entries: WindowEntry[] };
  sweep: boolean;
};

type Limits = Progress & {
  hold: () => string | undefined;
  untilFree: () => Promise<boolean>;
  waitForOthers: WaitForOthers | undefined;
};

/**
 * Orders what is to be ordered, and where a run may wait, does so until no other run has a window in its hands: then it
 * is exported, or free to be. Resolves to how the target stood at the beginning.
 */
export async function workInPasses(
  ports: RunPorts,
  calendar: Calendar,
  { add, ...limits }: Limits,
): Promise<Assessment> {
  const { input, asked, state } = calendar;
  const first = assessFor(input.target, state, { ...asked, now: ports.clock() });
  let tried: Span[] = [];
  let pass = await onePass(ports, calendar, { seen: first, tried, isFirst: true }, limits);
  for (let barren = 0; pass.leased && barren < BARREN_PASSES; ) {
    barren = pass.isBarren ? barren + 1 : 0;
    const done = pass.results.filter(({ result }) => !isLeased(result));
    tried = [...tried, ...done.map(({ window }) => window)];
    add(done);
    await pass.wait();
    const entries = await listFrom(ports.ledger, input.target, { content: state.content, asked });
    const seen = assessFor(
      input.target,
      { content: state.content, entries },
      { ...asked, now: ports.clock() },
    );
    pass = await onePass(ports, calendar, { seen, tried }, limits);
  }
  add([...tellTaken(ports, calendar, { seen: pass.seen, tried }), ...pass.results]);
  return first;
}

// Others snatched every window away, and none of them holds one: that may happen, and not for ever.
const BARREN_PASSES = 12;

type PassState = { seen: Assessment; tried: readonly Span[]; isFirst?: boolean };

async function onePass(
  ports: RunPorts,
  { input, moment, sweep }: Calendar,
  { seen, tried, isFirst = false }: PassState,
  { signal, hold, untilFree, waitForOthers }: Omit<Limits, 'add'>,
) {
  const { id: targetId } = input.target;
  const left = sweep ? [...tried, ...seen.resting] : tried;
  const order = { now: ports.clock(), isUnverified: !moment.isVerified, left };
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

/** What is told of windows that the run finds taken care of, and that are none of its own doing. */
function tellTaken(ports: RunPorts, { input, sweep }: Calendar, { seen, tried }: PassState): WindowResult[] {
  if (sweep) return [];
  const isOthers = ({ window }: WindowResult) => intersection([window], tried).length === 0;
  const taken = alreadyHandled(input, seen).filter(isOthers);
  for (const one of taken) emitOutcome(ports.observe, input.target.id, one);
  return taken;
}

type Doing = { targetId: string; jobs: readonly Job[]; moment: Moment };

async function doJobs(
  ports: RunPorts,
  { targetId, jobs, moment }: Doing,
  limits: Pick<Limits, 'signal' | 'hold' | 'untilFree'>,
): Promise<WindowResult[]> {
  if (moment.mayOrder) return runJobs(ports, targetId, jobs, limits);
  const local = jobs.filter(({ isLocal }) => isLocal);
  const windows = jobs.filter(({ isLocal }) => !isLocal).map(({ window }) => window);
  const why =
    moment.error?.kind === 'unavailable' ? 'its host does not answer' : 'the time at Huawei is in doubt';
  return [
    ...(await runJobs(ports, targetId, local, limits)),
    ...reportDeferred(ports.observe, targetId, { windows, outcome: deferredBecause(why) }),
  ];
}

// How soon to look again at a window that another run has just taken.
const SOON = { seconds: 5 };

function leasedBy(seen: Assessment, results: readonly WindowResult[], now: Instant): Leased | undefined {
  const overtaken = results.filter(({ result }) => isLeased(result)).length;
  const ends = [...seen.leased.map(({ until }) => until), ...(overtaken > 0 ? [now.add(SOON)] : [])];
  const until = earliest(ends);
  return until && { windows: seen.leased.length + overtaken, now, until };
}

function isLeased(result: WindowResult['result']): boolean {
  return result.outcome === 'deferred' && result.isLeased === true;
}

type Ordering = {
  now: Instant;
  /** `now` is not Huawei's time. */
  isUnverified: boolean;
  /** What is not to be ordered now: this run tried it already, or a later sweep does. */
  left: readonly Span[];
};

/** What a run has to do for a target: first what dead runs left unsaid, then the windows to order. */
export function jobsOf(
  ports: RunPorts,
  { seen, input }: { seen: Assessment; input: TargetInput },
  { now, isUnverified, left }: Ordering,
  signal: AbortSignal,
): Job[] {
  const { target, trigger } = input;
  const isNew = (window: Span) => intersection([window], left).length === 0;
  const unverified = isUnverified ? { isUnverified } : {};
  const kept = seen.unpublished.filter(({ window }) => isNew(window));
  const planned = planOf(input, seen, now).filter(({ window }) => isNew(window));
  return [
    ...kept.map((entry) => ({
      window: entry.window,
      isLocal: true,
      work: () => publishKept(ports, entry),
    })),
    ...planned.map(({ window, reason }) => ({
      window,
      work: () => submitWindow(ports, { target, window, reason, trigger, ...unverified }, signal),
    })),
  ];
}

/** Windows of the calendar that a run finds taken care of: its own, and those in the hands of other runs. */
export function alreadyHandled(
  { target, scheduledTime }: Pick<TargetInput, 'target' | 'scheduledTime'>,
  seen: Assessment,
): WindowResult[] {
  const own = currentWindow({ target, scheduledTime });
  const leased = seen.leased.map(({ window, until }) => ({ window, result: leasedUntil(until) }));
  const open = [
    ...seen.gaps,
    ...seen.pastCutoff,
    ...seen.crossing,
    ...seen.leased.map(({ window }) => window),
    ...seen.unpublished.map(({ window }) => window),
  ];
  const isWanted = target.startAt === undefined || isBefore(target.startAt, own.end);
  const isCovered = isWanted && intersection([own], open).length === 0;
  return isCovered ? [...leased, { window: own, result: { outcome: 'covered' } }] : leased;
}
