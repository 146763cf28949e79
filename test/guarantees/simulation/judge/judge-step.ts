import { KEPT, MINUTE } from '../story/durations.ts';
import { OTHER_PROJECT } from '../story/settings.ts';
import type { World } from '../world/world.ts';
import { isAmbiguous } from './ambiguity.ts';
import { dueUntil, expectedFrom, MARGIN } from './expected-coverage.ts';
import { covered } from './exported.ts';
import { formatIntervals, type Interval, joined, minus } from './intervals.ts';
import { type Observed, reportedLost, reportedOpen } from './observed.ts';

/** The violations right after a step; `earlier` is the number of processes before the step. */
export function judgeStep(world: World, earlier: number): string[] {
  const fresh = world.observed.slice(earlier);
  return [
    ...fresh.flatMap((one) => unreportedGaps(world, one)),
    ...fresh.flatMap((one) => lostTooSoon(one)),
    ...fresh.flatMap((one) => wrongTime(world, one)),
    ...fresh.flatMap(unexpectedErrors),
    ...callsInVain(world, fresh.length),
    ...orphaned(world, fresh),
    ...fresh.flatMap((one) => otherProject(world, one)),
    ...wronglyConfirmed(world, fresh),
  ];
}

/** Every due time that `status` does not report must be exported. */
function unreportedGaps(world: World, observed: Observed): string[] {
  const isAboutCalendar = observed.step.do === 'run' || observed.step.do === 'sweep';
  if (!observed.status || !isAboutCalendar || isTimeInDoubt(world, observed)) return [];
  const from = expectedFrom(world.observed, world.story.deployment);
  if (from === undefined) return [];
  const due: Interval[] = [[from, dueUntil(observed.settings, observed.began - MARGIN)]];
  const unreported = minus(due, [...covered(world), ...reportedOpen(observed)]);
  return unreported.length > 0
    ? [`no task has exported ${formatIntervals(unreported)}, and status does not report it`]
    : [];
}

// `status` makes no network calls: its time is the one that the last run learnt. A run that could not learn or store the
// time has reported that, and an idle sweep does not learn the time.
function isTimeInDoubt({ time }: World, { status, ending, events, step }: Observed): boolean {
  // Our clock jumped after it was compared, which only the next run can notice.
  if (step.failures.jump) return true;
  if (events.some(({ type }) => type === 'clock_unknown')) return true;
  const error = Math.abs((status?.now.epochMilliseconds ?? 0) - time.now());
  const hasAsked = events.some(({ type }) => type === 'clock_learnt');
  return (ending === 'failed' || !hasAsked) && error > MARGIN;
}

function lostTooSoon(observed: Observed): string[] {
  const early = reportedLost(observed).filter(([, end]) => end > observed.at - KEPT + MARGIN);
  return early.length > 0
    ? [`reported as lost, although Huawei still has it: ${formatIntervals(joined(early))}`]
    : [];
}

/** No error is unexpected, and no row is reported as missing: the simulation removes none. */
function unexpectedErrors({ events, reports, error }: Observed): string[] {
  const failures = [
    ...events.flatMap((event) => ('error' in event ? [event.error] : [])),
    ...reports.flatMap(({ failed }) => failed),
    ...(error ? [{ kind: '', message: error.message }] : []),
  ];
  const odd = failures.filter(
    ({ kind, message }) => kind === 'unexpected' || /\brow\b.* is missing/.test(message),
  );
  return odd.slice(0, 1).map(({ message }) => `unexpected error: ${message.slice(0, 200)}`);
}

/** In an outage, a run does not go on to call Huawei for every window. */
function callsInVain({ requests }: World, processes: number): string[] {
  const isDown = ({ status }: World['requests'][number]) => status === 'cut' || Number(status) >= 500;
  const asked = requests.filter(isDown).length;
  return processes > 0 && asked > MOST_IN_VAIN * processes ? [`${asked} calls in vain`] : [];
}

// Three attempts for the exports of two windows, each with a token, and for the lists; and twice that for short outages.
const MOST_IN_VAIN = 40;

/** Each task that Huawei created without any ambiguity has its message on the queue. */
function orphaned(world: World, fresh: readonly Observed[]): string[] {
  const [first] = fresh;
  if (!first || isAmbiguous(world, first.step) || goByOtherTimes(fresh)) return [];
  const sent = new Set(world.deployment.sent().map(({ message }) => message.data.task_id));
  const orphans = world.emulator
    .tasks()
    .filter(({ id, createdAt }) => createdAt >= first.began && !sent.has(id));
  return orphans.length > 0 ? [`${orphans.length} tasks at Huawei without a message`] : [];
}

/** Some of the processes use Huawei's time, and others our wrong clock: the lease of one is then expired for another. */
function goByOtherTimes(fresh: readonly Observed[]): boolean {
  const isUnknown = ({ events }: Observed) => events.some(({ type }) => type === 'clock_unknown');
  const isOff = fresh.some((one) => isUnknown(one) && Math.abs(one.offset) > 6 * MINUTE);
  return isOff && !fresh.every(isUnknown);
}

/** Our clock and that of the export host are wrong by the same time, which no run can see (docs/guarantees.md, Known limits). */
function isWrongAlike({ story }: World, { offset, began }: Pick<Observed, 'offset' | 'began'>): boolean {
  return story.outages.some(({ from, to, rules }) => {
    const wrong = rules?.dates?.export;
    const isThen = from <= began && began < to;
    return isThen && typeof wrong === 'number' && Math.abs(wrong * 1_000 - offset) < 5 * MINUTE;
  });
}

/** The offset of our clock that a run reports is right. */
function wrongTime(world: World, { events, offset, step, began }: Observed): string[] {
  if (step.failures.jump || isWrongAlike(world, { offset, began })) return [];
  return events.flatMap((event) => {
    if (event.type !== 'clock_learnt') return [];
    const error = Math.abs(event.aheadSeconds * 1_000 - offset);
    return error < 5 * MINUTE ? [] : [`learnt a clock that is ${Math.round(error / MINUTE)} min off`];
  });
}

/** For another project under the same id nothing is exported, and the run reports that. */
function otherProject(world: World, { settings, step, ending, events }: Observed): string[] {
  const isForeign = settings.project_id === OTHER_PROJECT.id && settings.enabled;
  const known = expectedFrom(world.observed, world.story.deployment) !== undefined;
  // A run whose time is over before its first look can only report that it deferred its windows.
  const isStopped =
    step.failures.timeOverAt !== undefined && events.some(({ type }) => type === 'windows_deferred');
  const isQuiet = isForeign && known && !isStopped && step.do === 'run' && ending === 'succeeded';
  const isExported = world.emulator.tasks().some(({ projectId }) => projectId === OTHER_PROJECT.id);
  return [
    ...(isQuiet ? ['a run for another project under the same id succeeds'] : []),
    ...(isExported ? ['another project is exported under the same id'] : []),
  ];
}

function wronglyConfirmed(world: World, fresh: readonly Observed[]): string[] {
  const tasks = new Map(world.emulator.tasks().map((task) => [task.id, task.status]));
  return fresh.flatMap(({ events }) =>
    events.flatMap((event) => {
      if (event.type !== 'window_confirmed') return [];
      const status = tasks.get(event.taskId);
      return status === 'SUCCESS' || status === 'EXPIRED'
        ? []
        : [`confirmed task ${event.taskId}, which is ${status}`];
    }),
  );
}
