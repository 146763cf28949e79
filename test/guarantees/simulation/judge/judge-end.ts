import { KEPT } from '../story/durations.ts';
import type { World } from '../world/world.ts';
import { dueUntil, expectedFrom, latestFiring, MARGIN } from './expected-coverage.ts';
import { confirmedTasks, covered, coveredSoon, type Export, exportsOf } from './exported.ts';
import { formatIntervals, type Interval, minus, within } from './intervals.ts';
import { hasWarned, type Observed, reportedExhausted, reportedLost, reportedOpen } from './observed.ts';

/** The violations at the end of a story. */
export function judgeEnd(world: World): string[] {
  return [
    ...neverReported(world),
    ...notRecovered(world),
    ...needless(world),
    ...mixedUp(world),
    ...shownSecrets(world),
  ];
}

/** Time past the cutoff that was not exported must be reported as lost, and before that as open. */
function neverReported(world: World): string[] {
  const from = expectedFrom(world.observed, world.story.deployment);
  if (from === undefined) return ['no run came to its end'];
  const gone = minus([[from, world.time.now() - KEPT]], covered(world));
  const lost = minus(
    gone,
    world.observed.flatMap((one) => [...reportedLost(one), ...reportedExhausted(one)]),
  );
  const open = minus(reportable(world, gone), reportedInTime(world));
  return [
    ...(lost.length > 0 ? [`lost and never reported: ${formatIntervals(lost)}`] : []),
    ...(open.length > 0 ? [`not reported while it could still be exported: ${formatIntervals(open)}`] : []),
  ];
}

function reportable(world: World, gone: readonly Interval[]): Interval[] {
  return world.observed.filter(hasLooked).flatMap((one) => {
    const from = expectedFrom(
      world.observed.slice(0, world.observed.indexOf(one) + 1),
      world.story.deployment,
    );
    if (from === undefined) return [];
    return within(gone, Math.max(from, one.at - KEPT + MARGIN), dueUntil(one.settings, one.began));
  });
}

function reportedInTime({ observed }: World): Interval[] {
  return observed.filter(hasLooked).filter(hasWarned).flatMap(reportedOpen);
}

function hasLooked({ status, step }: Observed): boolean {
  return status !== undefined && (step.do === 'run' || step.do === 'sweep');
}

/** After the quiet end, all time that was before the cutoff at its start is exported, and the last process succeeds. */
function notRecovered(world: World): string[] {
  const [from, last] = [
    expectedFrom(world.observed, world.story.deployment),
    world.observed.findLast(hasLooked),
  ];
  if (from === undefined || !last) return ['no run came to its end'];
  const firing = latestFiring(last.settings, last.at) ?? lastRun(world);
  const due: Interval[] = [[Math.max(from, firstQuietCutoff(world)), dueUntil(last.settings, firing)]];
  const exhausted = world.observed.filter(({ at }) => at > world.story.quietFrom).flatMap(reportedExhausted);
  const open = minus(due, [...coveredSoon(world), ...exhausted, ...failedTooLate(world)]);
  const isBad = last.ending !== 'succeeded' && !reportsBackfillLoss(last) && !losesExhausted(world, last);
  return [
    ...(open.length > 0 ? [`not recovered in the quiet end: ${formatIntervals(open)}`] : []),
    ...(isBad
      ? [`the last process still fails: ${last.error?.message ?? JSON.stringify(last.reports)}`]
      : []),
  ];
}

// The window of a task that fails in the quiet end may be past the cutoff by then. It is reported as lost.
function failedTooLate(world: World): Interval[] {
  const isQuiet = (at: number) => at > world.story.quietFrom;
  const lost = world.observed.filter(({ at }) => isQuiet(at)).flatMap(reportedLost);
  const failed = exportsOf(world).filter(
    ({ task }) => isQuiet(task.createdAt) && ['FAIL', 'EXPIRED'].includes(task.status),
  );
  return minus(
    lost,
    minus(
      lost,
      failed.map(({ covers }) => covers),
    ),
  );
}

// An unfinished backfill loses its windows one by one, and each loss is reported.
function reportsBackfillLoss({ reports, status }: Observed): boolean {
  const isLossAlone = reports?.every(({ failed }) => failed.length === 0) ?? false;
  return isLossAlone && status !== undefined && status.openBackfills.length > 0;
}

// A window that was exhausted, and reported, is lost after 30 days, which may be in the quiet end.
function losesExhausted({ observed }: World, last: Observed): boolean {
  const lost = (last.reports ?? []).flatMap((report) =>
    report.lost.map(({ start, end }): Interval => [Date.parse(start), Date.parse(end)]),
  );
  const hasNotFailed = last.reports?.every(({ failed }) => failed.length === 0) ?? false;
  return hasNotFailed && lost.length > 0 && minus(lost, observed.flatMap(reportedExhausted)).length === 0;
}

// The oldest time that the first process of the quiet end could still export.
function firstQuietCutoff({ observed, story }: World): number {
  const first = observed.find(({ step }) => step.at > story.quietFrom);
  return (first?.at ?? story.quietFrom) - KEPT + MARGIN;
}

function lastRun({ observed, story }: World): number {
  return observed.findLast(({ step }) => step.do === 'run')?.began ?? story.start;
}

/** No window is exported again that earlier exports cover, with a message on the queue and a task that has not failed. */
function needless(world: World): string[] {
  const exports = exportsOf(world);
  const confirmed = confirmedTasks(world);
  const isSound = ({ task }: Export) =>
    task.status === 'SUCCESS' || task.status === 'CREATING' || confirmed.has(task.id);
  return exports.flatMap((one) => {
    const before = exports.filter(
      (other) => other !== one && other.sent.at < one.task.createdAt && isSound(other),
    );
    const window = windowOf(one);
    const isRepeated = before.some(({ task }) => task.id === one.task.id);
    const isNeedless =
      !isRepeated &&
      minus(
        [window],
        before.map(({ covers }) => covers),
      ).length === 0;
    return isNeedless ? [`exported again without need: ${formatIntervals([window])}`] : [];
  });
}

function windowOf({ sent }: Export): Interval {
  const { start, end } = sent.message.data.window;
  return [Date.parse(start), Date.parse(end)];
}

/** Each message has the request of its task, and each message id is of one task. */
function mixedUp(world: World): string[] {
  const ids = new Map<string, string>();
  return exportsOf(world).flatMap(({ task, sent: { message } }) => {
    const { task_id: taskId, request, window } = message.data;
    const known = ids.get(message.id) ?? taskId;
    ids.set(message.id, taskId);
    const asked: Interval = [Date.parse(window.start), Date.parse(window.end)];
    return [
      ...(known === taskId ? [] : [`message id ${message.id} is of two tasks`]),
      ...(minus([asked], [[task.query.start, task.query.end]]).length === 0
        ? []
        : [`task ${taskId} does not ask for all of ${formatIntervals([asked])}`]),
      ...(request.login_start_time === task.query.body['login_start_time']
        ? []
        : ['a message claims another request']),
    ];
  });
}

/** No secret is in messages, events, errors or reports. A token of the emulator is recognized by its form. */
function shownSecrets({ observed, deployment, secrets }: World): string[] {
  const errors = observed.flatMap(({ error, events }) => [
    error?.stack,
    ...events.map((event) => ('error' in event ? `${event.error.stack} ${event.error.cause}` : '')),
  ]);
  const all = JSON.stringify([
    deployment.sent(),
    errors,
    observed.map(({ events, reports }) => [events, reports]),
  ]);
  const isShown = secrets.ever().some((secret) => all.includes(secret)) || /MII[\w-]{20}/.test(all);
  return isShown ? ['a secret is in the output'] : [];
}
