import { KEPT, MINUTE } from '../story/durations.ts';
import { OTHER_PROJECT } from '../story/settings.ts';
import type { World } from '../world/world.ts';
import { isAmbiguous } from './ambiguity.ts';
import { dueUntil, MARGIN, promisedFrom } from './expected-coverage.ts';
import { covered } from './exported.ts';
import { joined, minus, type Stretch, told } from './intervals.ts';
import { type Heard, toldLost, toldOpen } from './observed.ts';

/** What is wrong right after a step, in words; `earlier` is how many processes had been heard of before it. */
export function judgeStep(world: World, earlier: number): string[] {
  const fresh = world.heard.slice(earlier);
  return [
    ...fresh.flatMap((one) => unexplained(world, one)),
    ...fresh.flatMap((one) => lostTooSoon(one)),
    ...fresh.flatMap((one) => wrongTime(world, one)),
    ...fresh.flatMap(baffled),
    ...insisted(world, fresh.length),
    ...orphaned(world, fresh),
    ...fresh.flatMap((one) => foreign(world, one)),
    ...wronglyConfirmed(world, fresh),
  ];
}

/** Whatever `status` says nothing bad of must be exported well. */
function unexplained(world: World, heard: Heard): string[] {
  const isAboutCalendar = heard.step.do === 'run' || heard.step.do === 'sweep';
  if (!heard.status || !isAboutCalendar || isTimeInDoubt(world, heard)) return [];
  const from = promisedFrom(world.heard, world.story.home);
  if (from === undefined) return [];
  const due: Stretch[] = [[from, dueUntil(heard.settings, heard.began - MARGIN)]];
  const silent = minus(due, [...covered(world), ...toldOpen(heard)]);
  return silent.length > 0 ? [`status is silent about ${told(silent)}, which no task has exported`] : [];
}

// `status` asks nobody for the time, and goes by what the last run learnt; one that could not learn or note it has said so,
// and an idle sweep asks nobody either.
function isTimeInDoubt({ time }: World, { status, ending, events, step }: Heard): boolean {
  // Our clock has jumped after it was compared, so nobody can know of it before the next run.
  if (step.trouble.jump) return true;
  if (events.some(({ type }) => type === 'clock_unknown')) return true;
  const error = Math.abs((status?.now.epochMilliseconds ?? 0) - time.now());
  const hasAsked = events.some(({ type }) => type === 'clock_learnt');
  return (ending === 'bad' || !hasAsked) && error > MARGIN;
}

function lostTooSoon(heard: Heard): string[] {
  const early = toldLost(heard).filter(([, end]) => end > heard.at - KEPT + MARGIN);
  return early.length > 0 ? [`told lost what Huawei still has: ${told(joined(early))}`] : [];
}

/** Nothing that is thrown is unforeseen, and nothing is said to be gone: nobody takes a row away here. */
function baffled({ events, reports, error }: Heard): string[] {
  const failures = [
    ...events.flatMap((event) => ('error' in event ? [event.error] : [])),
    ...reports.flatMap(({ failed }) => failed),
    ...(error ? [{ kind: '', message: error.message }] : []),
  ];
  const odd = failures.filter(({ kind, message }) => kind === 'unexpected' || message.includes('is gone'));
  return odd.slice(0, 1).map(({ message }) => `nobody can make sense of: ${message.slice(0, 200)}`);
}

/** In an outage nobody goes on asking, window after window. */
function insisted({ requests }: World, processes: number): string[] {
  const isDown = ({ status }: World['requests'][number]) => status === 'cut' || Number(status) >= 500;
  const asked = requests.filter(isDown).length;
  return processes > 0 && asked > MOST_IN_VAIN * processes ? [`${asked} calls in vain`] : [];
}

// Three times the export of two windows, each with a token, and the lists; and as many again for what comes and goes.
const MOST_IN_VAIN = 40;

/** Each task that Huawei has taken on without any ambiguity has its message on the queue. */
function orphaned(world: World, fresh: readonly Heard[]): string[] {
  const [first] = fresh;
  if (!first || isAmbiguous(world, first.step) || goByOtherTimes(fresh)) return [];
  const sent = new Set(world.home.sent().map(({ message }) => message.data.task_id));
  const orphans = world.emulator
    .tasks()
    .filter(({ id, createdAt }) => createdAt >= first.began && !sent.has(id));
  return orphans.length > 0 ? [`${orphans.length} tasks at Huawei without a message`] : [];
}

/** Of runs at once some go by Huawei's time and some by a clock of ours that is off, so the lease of one is over for another. */
function goByOtherTimes(fresh: readonly Heard[]): boolean {
  const isUnknown = ({ events }: Heard) => events.some(({ type }) => type === 'clock_unknown');
  const isOff = fresh.some((one) => isUnknown(one) && Math.abs(one.offset) > 6 * MINUTE);
  return isOff && !fresh.every(isUnknown);
}

/** Our clock and the export host's are wrong by as much: no run can see that (docs/guarantees.md, Known limits). */
function isWrongAlike({ story }: World, { offset, began }: Pick<Heard, 'offset' | 'began'>): boolean {
  return story.spells.some(({ from, to, rules }) => {
    const wrong = rules?.dates?.export;
    const isThen = from <= began && began < to;
    return isThen && typeof wrong === 'number' && Math.abs(wrong * 1_000 - offset) < 5 * MINUTE;
  });
}

/** A run says how far our clock is off, and is right about it. */
function wrongTime(world: World, { events, offset, step, began }: Heard): string[] {
  if (step.trouble.jump || isWrongAlike(world, { offset, began })) return [];
  return events.flatMap((event) => {
    if (event.type !== 'clock_learnt') return [];
    const error = Math.abs(event.aheadSeconds * 1_000 - offset);
    return error < 5 * MINUTE ? [] : [`learnt a clock that is ${Math.round(error / MINUTE)} min off`];
  });
}

/** For another project under the same id nothing is exported, and a run says so. */
function foreign(world: World, { settings, step, ending, events }: Heard): string[] {
  const isForeign = settings.project_id === OTHER_PROJECT.id && settings.enabled;
  const known = promisedFrom(world.heard, world.story.home) !== undefined;
  // One whose time is over before it has looked can only say that it deferred its windows.
  const isStopped =
    step.trouble.timeOverAt !== undefined && events.some(({ type }) => type === 'windows_deferred');
  const isQuiet = isForeign && known && !isStopped && step.do === 'run' && ending === 'well';
  const isExported = world.emulator.tasks().some(({ projectId }) => projectId === OTHER_PROJECT.id);
  return [
    ...(isQuiet ? ['a run for another project under the same id ends well'] : []),
    ...(isExported ? ['another project is exported under the same id'] : []),
  ];
}

function wronglyConfirmed(world: World, fresh: readonly Heard[]): string[] {
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
